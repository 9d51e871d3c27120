package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
  private static final List<Feature> X = List.of(new Feature.Numeric("x"));

  private static Evaluation evaluation(
      Target target, boolean probabilities, double[][] scores, double... targets) {
    return Evaluation.ofScores(new Schema(X, target), probabilities, scores, targets);
  }

  private static Evaluation perfect(String label, String no, String yes, boolean probabilities) {
    return evaluation(
        new Target.Classes(label, List.of(no, yes)),
        probabilities,
        new double[][] {{0.75, 0.25}, {0.25, 0.75}, {0.75, 0.25}},
        0,
        1,
        0);
  }

  @Test
  void of_hasAnIntervalForEveryMetric() {
    EvaluationReport report =
        EvaluationReport.of("fraud 7", perfect("fraud", "no", "yes", true), 42);

    assertThat(report.title()).isEqualTo("fraud 7");
    assertThat(report.intervals().keySet())
        .isEqualTo(report.evaluation().metrics().keySet());
  }

  @Test
  void toJson_hasValuesIntervalsAndConfusion() throws IOException {
    EvaluationReport report = new EvaluationReport(
        "fraud 7",
        perfect("fraud", "no", "yes", true),
        Map.of("roc_auc", new Interval(0.5, 1), "f1", new Interval(Double.NaN, Double.NaN)));

    JsonNode json = new ObjectMapper().readTree(report.toJson());

    assertThat(json.get("formatVersion").intValue()).isEqualTo(1);
    assertThat(json.get("title").textValue()).isEqualTo("fraud 7");
    assertThat(json.get("rows").intValue()).isEqualTo(3);
    assertThat(json.at("/metrics/roc_auc/value").doubleValue()).isEqualTo(1);
    assertThat(json.at("/metrics/roc_auc/low").doubleValue()).isEqualTo(0.5);
    assertThat(json.at("/metrics/roc_auc/high").doubleValue()).isEqualTo(1);
    assertThat(json.at("/metrics/brier/value").doubleValue()).isCloseTo(0.0625, within(1e-15));
    assertThat(json.at("/metrics/brier/low").isMissingNode()).isTrue();
    assertThat(json.at("/metrics/f1/low").isNull()).isTrue();
    assertThat(json.get("confusion"))
        .isEqualTo(new ObjectMapper()
            .readTree("{\"no\":{\"no\":2,\"yes\":0},\"yes\":{\"no\":0,\"yes\":1}}"));
    JsonNode quantity = new ObjectMapper()
        .readTree(new EvaluationReport(
                "q",
                evaluation(new Target.Quantity("y"), false, new double[][] {{1}, {1}}, 2, 2),
                Map.of())
            .toJson());
    assertThat(quantity.has("confusion")).isFalse();
    assertThat(quantity.at("/metrics/r2/value").isNull()).isTrue();
    assertThat(quantity.at("/metrics/rmse/value").doubleValue()).isEqualTo(1);
  }

  @Test
  void toHtml_ofNamesWithMarkup_escapesThemEverywhere() {
    String attack = "<script>alert('x')</script>\"&";
    EvaluationReport report =
        new EvaluationReport(attack, perfect(attack, attack, attack + "2", true), Map.of());

    String html = report.toHtml();

    assertThat(html).doesNotContain("<script>").doesNotContain("alert('x')</script>");
    assertThat(html.split("&lt;script&gt;", -1))
        .as("title twice, label, two classes as row and as column")
        .hasSize(1 + 2 + 1 + 4);
  }

  @Test
  void toHtml_showsMetricsConfusionAndCurves() {
    String html = new EvaluationReport(
            "fraud 7", perfect("fraud", "no", "yes", true), Map.of("roc_auc", new Interval(0.5, 1)))
        .toHtml();

    assertThat(html)
        .contains("Label &#39;fraud&#39; on 3 rows.")
        .contains("<td>roc_auc</td><td class=\"n\">1.0000</td><td class=\"n\">0.5000</td>")
        .contains("<td>brier</td><td class=\"n\">0.0625</td><td class=\"n\">not defined</td>")
        .contains(
            "<th>true class</th><th class=\"n\">called no</th><th class=\"n\">called yes</th>")
        .contains(
            "<td>no</td><td class=\"n\">2</td><td class=\"n\">0</td><td class=\"n\">1.0000</td>")
        .contains(
            "<td>yes</td><td class=\"n\">0</td><td class=\"n\">1</td><td class=\"n\">1.0000</td>")
        .contains("ROC: true positive rate")
        .contains("d=\"M28.0,268.0 L28.0,28.0 L268.0,28.0\"")
        .contains("Precision over recall")
        .contains("d=\"M268.0,28.0 L268.0,188.0\"")
        .contains("Calibration: share of positives")
        .contains("cx=\"88.0\" cy=\"268.0\"")
        .contains("cx=\"208.0\" cy=\"28.0\"")
        .contains("<svg width=\"296\" height=\"296\"")
        .contains("<text x=\"148.0\" y=\"286\" text-anchor=\"middle\">0.5</text>")
        .contains("<text x=\"23\" y=\"148.0\" text-anchor=\"end\" dy=\".3em\">0.5</text>");
    assertThat(html.split("stroke-dasharray", -1)).as("diagonals").hasSize(1 + 2);
    assertThat(html.split("<circle", -1)).as("dots").hasSize(1 + 2);
  }

  @Test
  void toHtml_ofOtherModels_leavesOutWhatTheyDoNotHave() {
    String scores = new EvaluationReport("s", perfect("y", "a", "b", false), Map.of()).toHtml();
    String three = new EvaluationReport(
            "t",
            evaluation(
                new Target.Classes("y", List.of("a", "b", "c")),
                true,
                new double[][] {{0.5, 0.25, 0.25}, {0, 1, 0}},
                0,
                1),
            Map.of())
        .toHtml();
    String quantity = new EvaluationReport(
            "q",
            evaluation(new Target.Quantity("y"), false, new double[][] {{1}, {2}}, 1, 3),
            Map.of())
        .toHtml();

    assertThat(scores).contains("ROC").doesNotContain("Calibration:");
    assertThat(three).contains("Confusion").doesNotContain("ROC");
    assertThat(quantity).contains("rmse").doesNotContain("Confusion");
  }
}
