package dev.mlops.registry.card.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.card.ConfusionTable;
import dev.mlops.registry.card.GroupLine;
import dev.mlops.registry.card.MetricLine;
import dev.mlops.registry.compare.TestScores;
import java.util.List;
import org.junit.jupiter.api.Test;

class CardEvaluationTest {
  private static final double NONE = Double.NaN;

  @Test
  void of_fourRows_countsThemAndDrawsTheirCurves() {
    CardEvaluation card = SampleCard.evaluation();

    assertThat(card.rows()).isEqualTo(4);
    assertThat(card.positives()).isEqualTo(2);
    assertThat(card.roc()).hasSize(5).contains(new double[] {0, 0.5});
    assertThat(card.precisionRecall()).hasSize(5).contains(new double[] {1, 2 / 3.0});
    assertThat(card.calibration()).hasSize(4).contains(new double[] {0.35, 1, 1});
    assertThat(card.cells()).containsExactly(2L, 0L, 1L, 1L);
    assertThat(card.groupColumn()).isEqualTo("country");
  }

  @Test
  void of_fourRows_hasMetricsWithIntervals() {
    List<MetricLine> lines = SampleCard.evaluation().metrics();

    // DeLong: the components are 0.5 and 1 for either class, so the variance is 0.125 / 2 twice
    double half = 1.959963984540054 * Math.sqrt(0.125);
    double ln01 = Math.log(0.9);
    double ln04 = Math.log(0.6);
    double ln35 = Math.log(0.35);
    double ln08 = Math.log(0.8);
    assertLine(lines.get(0), "roc_auc", 0.75, 0.75 - half, 1, "DeLong");
    assertLine(lines.get(1), "pr_auc", 0.5 + 1 / 3.0, 0.5, 1, "bootstrap");
    double logLoss = -(ln01 + ln04 + ln35 + ln08) / 4;
    assertLine(
        lines.get(2), "log_loss", logLoss, -(ln01 + ln08) / 2, -(ln04 + ln35) / 2, "bootstrap");
    assertLine(lines.get(3), "brier", 0.6325 / 4, 0.025, (0.16 + 0.4225) / 2, "bootstrap");
    assertLine(lines.get(4), "accuracy", 0.75, 0.5, 1, "bootstrap");
    assertLine(lines.get(5), "precision", 1, NONE, NONE, "");
    assertLine(lines.get(6), "recall", 0.5, 0, 1, "bootstrap");
    assertLine(lines.get(7), "f1", 2 / 3.0, 0, 1, "bootstrap");
    assertThat(lines).hasSize(8);
  }

  @Test
  void of_groups_measuresEachByItsOwnRowsInAlphabeticalOrder() {
    List<GroupLine> groups = CardEvaluation.of(
            SampleCard.scores(), "country", List.of("FR", "DE", "DE", "DE"))
        .groups();

    assertThat(groups).extracting(GroupLine::group).containsExactly("DE", "FR");
    GroupLine de = groups.get(0);
    assertThat(de.rows()).isEqualTo(3);
    assertThat(de.positives()).isEqualTo(2);
    assertThat(de.metrics().keySet())
        .containsExactly("roc_auc", "accuracy", "precision", "recall", "brier");
    assertThat(de.metrics().get("roc_auc")).isEqualTo(0.5);
    assertThat(de.metrics().get("accuracy")).isEqualTo(2 / 3.0);
    assertThat(de.metrics().get("precision")).isEqualTo(1);
    assertThat(de.metrics().get("recall")).isEqualTo(0.5);
    assertThat(de.metrics().get("brier")).isCloseTo(0.6225 / 3, within(1e-12));
    GroupLine fr = groups.get(1);
    assertThat(fr.rows()).isEqualTo(1);
    assertThat(fr.positives()).isZero();
    assertThat(fr.metrics().get("accuracy")).isEqualTo(1);
    assertThat(fr.metrics().get("brier")).isCloseTo(0.01, within(1e-12));
    assertThat(fr.metrics().get("roc_auc")).isNaN();
    assertThat(fr.metrics().get("precision")).isNaN();
    assertThat(fr.metrics().get("recall")).isNaN();
  }

  @Test
  void of_noGroups_hasNone() {
    assertThat(CardEvaluation.of(SampleCard.scores(), "", List.of()).groups()).isEmpty();
  }

  @Test
  void of_scoresZeroAndOne_areProbabilities() {
    CardEvaluation card = CardEvaluation.of(scores(new double[] {0, 1}, 0, 1), "", List.of());

    assertThat(card.cells()).containsExactly(1L, 0L, 0L, 1L);
    assertThat(card.metrics().get(3).value()).isZero();
  }

  @Test
  void of_constantScores_hasAreasOfOneHalf() {
    CardEvaluation card =
        CardEvaluation.of(scores(new double[] {0, 1, 0, 1}, .5, .5, .5, .5), "", List.of());

    assertLine(card.metrics().get(0), "roc_auc", 0.5, 0.5, 0.5, "DeLong");
    assertLine(card.metrics().get(1), "pr_auc", 0.5, 0.5, 0.5, "bootstrap");
    assertLine(
        card.metrics().get(2), "log_loss", Math.log(2), Math.log(2), Math.log(2), "bootstrap");
    assertThat(card.cells()).containsExactly(0L, 2L, 0L, 2L);
  }

  @Test
  void of_oneClassOnly_leavesRankMetricsUndetermined() {
    CardEvaluation card = CardEvaluation.of(scores(new double[] {0, 0}, .2, .6), "", List.of());

    assertThat(card.positives()).isZero();
    assertThat(card.roc()).isEmpty();
    assertThat(card.precisionRecall()).isEmpty();
    assertThat(card.calibration()).hasSize(2);
    assertLine(card.metrics().get(0), "roc_auc", NONE, NONE, NONE, "");
    assertLine(card.metrics().get(1), "pr_auc", NONE, NONE, NONE, "");
    assertLine(card.metrics().get(4), "accuracy", 0.5, 0, 1, "bootstrap");
    assertLine(card.metrics().get(6), "recall", NONE, NONE, NONE, "");
  }

  @Test
  void of_oneRow_hasValuesWithoutIntervals() {
    List<MetricLine> lines =
        CardEvaluation.of(scores(new double[] {1}, 0.5), "", List.of()).metrics();

    assertThat(lines).hasSize(8).noneMatch(MetricLine::hasInterval);
    assertLine(lines.get(4), "accuracy", 1, NONE, NONE, "");
  }

  @Test
  void of_labelsOrScoresOfAnotherKind_areRefusedWithTheRow() {
    assertRefused(scores(new double[] {0, 2}, .5, .5), "row 1 has label 2.0 and score 0.5");
    assertRefused(scores(new double[] {0.5, 1}, .5, .5), "row 0 has label 0.5 and score 0.5");
    assertRefused(scores(new double[] {1, 1}, .5, 1.01), "row 1 has label 1.0 and score 1.01");
    assertRefused(scores(new double[] {1, 0}, -.01, .5), "row 0 has label 1.0 and score -0.01");
  }

  @Test
  void of_moreGroupsThanRows_isRefused() {
    assertThatThrownBy(
            () -> CardEvaluation.of(scores(new double[] {1}, .5), "g", List.of("a", "b")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("there are 1 test rows and groups for 2");
  }

  @Test
  void confusion_ofTwoClasses_isNamedByThemWithTruthInRows() {
    ConfusionTable table = SampleCard.evaluation().confusion(List.of("honest", "fraud"));

    assertThat(table.classes()).containsExactly("honest", "fraud");
    assertThat(table.counts()).containsExactly(List.of(2L, 0L), List.of(1L, 1L));
  }

  @Test
  void confusion_ofThreeClasses_isNamedNegativeAndPositive() {
    ConfusionTable table = SampleCard.evaluation().confusion(List.of("a", "b", "c"));

    assertThat(table.classes()).containsExactly("negative", "positive");
  }

  private static TestScores scores(double[] labels, double... scores) {
    return TestScores.of(labels, scores, "rows");
  }

  private static void assertRefused(TestScores scores, String message) {
    assertThatThrownBy(() -> CardEvaluation.of(scores, "", List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private static void assertLine(
      MetricLine line, String name, double value, double low, double high, String method) {
    assertThat(line.name()).isEqualTo(name);
    assertThat(line.method()).as(name).isEqualTo(method);
    assertThat(new double[] {line.value(), line.low(), line.high()})
        .as(name)
        .containsExactly(new double[] {value, low, high}, within(1e-12));
  }
}
