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
        Map.of("roc_auc", new Interval(0.5, 1), "f1", new Interval(Double.NaN, Double.NaN)),
        Map.of());

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
                Map.of(),
                Map.of())
            .toJson());
    assertThat(quantity.has("confusion")).isFalse();
    assertThat(quantity.at("/metrics/r2/value").isNull()).isTrue();
    assertThat(quantity.at("/metrics/rmse/value").doubleValue()).isEqualTo(1);
  }

  @Test
  void toHtml_ofNamesWithMarkup_escapesThemEverywhere() {
    String attack = "<script>alert('x')</script>\"&";
    EvaluationReport report = EvaluationReport.of(
        attack, perfect(attack, attack, attack + "2", true), 1, new String[] {attack, attack, "x"});

    String html = report.toHtml();

    assertThat(html).doesNotContain("<script>").doesNotContain("alert('x')</script>");
    assertThat(html.split("&lt;script&gt;", -1))
        .as("title twice, label, group, two classes as row and as column")
        .hasSize(1 + 2 + 1 + 1 + 4);
  }

  @Test
  void toHtml_showsMetricsConfusionAndCurves() {
    String html = new EvaluationReport(
            "fraud 7",
            perfect("fraud", "no", "yes", true),
            Map.of("roc_auc", new Interval(0.5, 1)),
            Map.of())
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
    String scores =
        new EvaluationReport("s", perfect("y", "a", "b", false), Map.of(), Map.of()).toHtml();
    String three = new EvaluationReport(
            "t",
            evaluation(
                new Target.Classes("y", List.of("a", "b", "c")),
                true,
                new double[][] {{0.5, 0.25, 0.25}, {0, 1, 0}},
                0,
                1),
            Map.of(),
            Map.of())
        .toHtml();
    String quantity = new EvaluationReport(
            "q",
            evaluation(new Target.Quantity("y"), false, new double[][] {{1}, {2}}, 1, 3),
            Map.of(),
            Map.of())
        .toHtml();

    assertThat(scores).contains("ROC").doesNotContain("Calibration:");
    assertThat(three).contains("Confusion").doesNotContain("ROC").doesNotContain("Thresholds");
    assertThat(quantity)
        .contains("rmse")
        .doesNotContain("Confusion")
        .doesNotContain("Thresholds")
        .doesNotContain("Groups");
  }

  /** Six rows with scores 0.05 to 0.95; the model is wrong about the fourth. */
  private static Evaluation six(boolean probabilities) {
    return evaluation(
        new Target.Classes("fraud", List.of("no", "yes")),
        probabilities,
        new double[][] {
          {0.95, 0.05}, {0.85, 0.15}, {0.75, 0.25}, {0.25, 0.75}, {0.15, 0.85}, {0.05, 0.95}
        },
        0,
        0,
        0,
        0,
        1,
        1);
  }

  @Test
  void of_twoClasses_hasDeLongsIntervalOfTheArea() {
    Evaluation evaluation = six(true);

    Interval area =
        EvaluationReport.of("r", evaluation, 1).intervals().getOrDefault("roc_auc", NOTHING);

    assertThat(area)
        .isEqualTo(DeLong.area(evaluation.positives(1), evaluation.scoresOf(1)).interval());
    Evaluation oneOfAClass = evaluation.select(0, 1, 2, 3, 4);
    assertThat(EvaluationReport.of("r", oneOfAClass, 1).intervals().get("roc_auc"))
        .isEqualTo(Bootstrap.intervals(oneOfAClass, 1000, 1).get("roc_auc"));
  }

  private static final Interval NOTHING = new Interval(Double.NaN, Double.NaN);

  @Test
  void of_groups_hasAReportOfEach() throws IOException {
    Evaluation evaluation = six(true);
    String[] groups = {"south", "south", "north", "south", "south", "north"};

    EvaluationReport report = EvaluationReport.of("fraud 7", evaluation, 1, groups);

    assertThat(report.groups().keySet()).containsExactly("north", "south");
    EvaluationReport alone = EvaluationReport.of("south", evaluation.select(0, 1, 3, 4), 1);
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.at("/groups/south/rows").intValue()).isEqualTo(4);
    assertThat(json.at("/groups/south/metrics"))
        .isEqualTo(new ObjectMapper().readTree(alone.toJson()).get("metrics"));
    assertThat(json.at("/groups/north/metrics/accuracy/value").doubleValue()).isEqualTo(1);
    assertThat(report.toHtml())
        .contains("Groups with 95 % intervals")
        .contains("<td>north</td><td class=\"n\">2</td>"
            + "<td class=\"n\">1.0000 (1.0000 to 1.0000)</td>")
        .contains("<td>south</td><td class=\"n\">4</td><td class=\"n\">0.7500 (");
    assertThat(EvaluationReport.of("fraud 7", evaluation, 1).toJson()).doesNotContain("groups");
  }

  @Test
  void toHtml_ofAGroupOfOneClass_showsItsAreaAsNotDefined() {
    String html = EvaluationReport.of(
            "fraud 7", six(true), 1, new String[] {"a", "a", "a", "a", "b", "b"})
        .toHtml();

    assertThat(html)
        .contains("<td>b</td><td class=\"n\">2</td>")
        .contains("<td class=\"n\">not defined</td></tr>");
  }

  @Test
  void toHtml_ofTwoClasses_showsWhatEveryThresholdGives() {
    String row = "<tr><td class=\"n\">%s</td><td class=\"n\">%d</td><td class=\"n\">%d</td>"
        + "<td class=\"n\">%d</td><td class=\"n\">%s</td><td class=\"n\">%s</td>";

    String probabilities = EvaluationReport.of("r", six(true), 1).toHtml();
    String scores = EvaluationReport.of("r", six(false), 1).toHtml();

    assertThat(probabilities)
        .contains(row.formatted("0.1000", 5, 3, 0, "0.4000", "1.0000"))
        .contains(row.formatted("0.8000", 2, 0, 0, "1.0000", "1.0000"))
        .contains(row.formatted("0.9000", 1, 0, 1, "1.0000", "0.5000"));
    assertThat(scores)
        .contains(row.formatted("0.5000", 3, 1, 0, "0.6667", "1.0000"))
        .contains(row.formatted("0.9000", 1, 0, 1, "1.0000", "0.5000"))
        .contains(row.formatted("0.2500", 4, 2, 0, "0.5000", "1.0000"));
  }
}
