package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of the user guide and checks that the guide shows this code. */
class GuideTest {
  @TempDir
  Path directory;

  @Test
  void guide_code_runs() throws Exception {
    List<String> promoted = new ArrayList<>();
    Experiment experiment = Experiment.builder("checkout-model")
        .control("champion", 50)
        .variant("challenger", 50)
        .traffic(0.10)
        .build();
    EventSink sink = EventSink.toDirectory(directory).open();
    Assigner assigner = Assigner.of(experiment, sink);
    String variant = assigner.expose("user-42").variantOr("champion");
    sink.outcome("user-42", "conversion", 1);
    assertThat(sink.close(java.time.Duration.ofSeconds(30))).isTrue();
    AnalysisPlan plan = AnalysisPlan.alwaysValid(20_000)
        .metric(Metric.proportion("conversion"))
        .metric(Metric.mean("latency_ms").lowerIsBetter().guardrail(5.0))
        .build();
    EventReader.Result events = EventReader.of(experiment, plan).read(directory);
    AnalysisReport report = Analysis.run(experiment, plan, events.data());
    if (report.verdict() instanceof Verdict.ShipWinner winner) {
      promoted.add(winner.variant());
    }
    Files.writeString(directory.resolve("report.html"), report.toHtml());

    assertThat(variant).isIn("champion", "challenger");
    assertThat(promoted).isEmpty();
  }

  @Test
  void guide_showsThisCode() throws Exception {
    Path root = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    String source = Files.readString(Path.of("src/test/java/dev/mlops/abtest/GuideTest.java"))
        .replaceAll("\\s+", "");
    String guide = Files.readString(root.resolve("src/site/markdown/abtest.md"));
    String[] parts = guide.split("```");
    int blocks = 0;
    for (int i = 1; i < parts.length; i += 2) {
      if (parts[i].startsWith("java\n")) {
        assertThat(source).contains(parts[i].substring(5).replaceAll("\\s+", ""));
        blocks++;
      }
    }
    assertThat(blocks).isEqualTo(2);
  }
}
