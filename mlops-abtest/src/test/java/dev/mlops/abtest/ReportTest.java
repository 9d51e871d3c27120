package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The reports of three typical experiments; the pages stay in target/reports for looking at. */
class ReportTest {
  private static final Experiment EXPERIMENT = Experiment.builder("checkout")
      .control("champion", 50)
      .variant("challenger", 25)
      .variant("budget", 25)
      .build();

  @Test
  void html_ofAGroupSequentialTest_showsLooksAndBoundary() throws Exception {
    AnalysisPlan plan = AnalysisPlan.groupSequential(5, 20_000)
        .metric(Metric.proportion("conversion"))
        .metric(Metric.mean("latency_ms").lowerIsBetter().guardrail(5))
        .metric(Metric.proportion("error").lowerIsBetter().guardrail(0.005))
        .metric(
            Metric.quantile("latency_p95", "latency_ms", 0.95).lowerIsBetter().signal())
        .build();
    AnalysisReport report = null;
    for (int look = 1; look <= 4; look++) {
      LookHistory earlier = report == null ? LookHistory.none() : report.history();
      report = Analysis.run(EXPERIMENT, plan, data(plan, 4000 * look, 0.02), earlier);
    }
    assertThat(report).isNotNull();

    String html = report.toHtml();

    keep("group-sequential.html", html);
    wellFormed(html);
    assertThat(html)
        .contains("over time", "stopping boundary", "challenger")
        .doesNotContain("<script", "http:", "https:", "NaN", "null");
    assertThat(report.history().looks()).hasSize(4);
    JsonSchema.of("report-v1.schema.json").assertValid(report.toJson());
    assertThat(report.toText()).contains("conversion", "challenger", "sample ratio p");
  }

  @Test
  void html_ofAnAlwaysValidTest_andOfABrokenOne() throws Exception {
    AnalysisPlan plan =
        AnalysisPlan.alwaysValid(10_000).metric(Metric.proportion("conversion")).build();
    AnalysisReport report = Analysis.run(EXPERIMENT, plan, data(plan, 500, 0.03));
    for (int units = 1000; units <= 16_000; units += 500) {
      report = Analysis.run(EXPERIMENT, plan, data(plan, units, 0.03), report.history());
    }
    keep("always-valid.html", report.toHtml());
    wellFormed(report.toHtml());

    ExperimentData.Builder broken = ExperimentData.builder(plan).addAll(data(plan, 8000, 0));
    for (int i = 0; i < 400; i++) {
      broken.addUnit("budget", Map.of());
    }
    AnalysisReport invalid = Analysis.run(EXPERIMENT, plan, broken.build());
    keep("invalid.html", invalid.toHtml());
    wellFormed(invalid.toHtml());
    assertThat(invalid.toHtml()).contains("Units are not split as planned");
    assertThat(invalid.toText()).contains("Invalid: Units are not split as planned");
  }

  private static ExperimentData data(AnalysisPlan plan, int units, double lift) {
    Random random = new Random(1);
    ExperimentData.Builder data = ExperimentData.builder(plan);
    for (int i = 0; i < units; i++) {
      String variant = i % 4 < 2 ? "champion" : i % 4 == 2 ? "challenger" : "budget";
      double rate = 0.10 + (variant.equals("challenger") ? lift : 0);
      Map<String, Double> outcomes = new HashMap<>();
      outcomes.put("conversion", random.nextDouble() < rate ? 1.0 : 0);
      outcomes.put("latency_ms", 80 + 30 * Math.exp(random.nextGaussian()));
      outcomes.put("error", random.nextDouble() < 0.002 ? 1.0 : 0);
      data.addUnit(variant, outcomes);
    }
    return data.build();
  }

  /** The page is written so that an XML parser reads it too: every element is closed. */
  private static void wellFormed(String html) throws Exception {
    String xml = html.replace("<!DOCTYPE html>", "").replace("<meta charset=\"utf-8\">", "");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  private static void keep(String name, String html) throws Exception {
    Path dir = Path.of("target", "reports");
    Files.createDirectories(dir);
    Files.writeString(dir.resolve(name), html);
  }
}
