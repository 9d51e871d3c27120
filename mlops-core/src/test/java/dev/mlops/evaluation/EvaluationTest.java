package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.evaluation.ProbabilityMetrics.CalibrationBin;
import dev.mlops.model.Predictor;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final Schema TWO = schema("no", "yes");
  private static final Schema THREE = schema("a", "b", "c");

  private static Schema schema(String... classes) {
    return new Schema(List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of(classes)));
  }

  /** Says its only feature. */
  private static Predictor echo(Schema schema, boolean probabilities) {
    return new Predictor() {
      @Override
      public Schema schema() {
        return schema;
      }

      @Override
      public boolean givesProbabilities() {
        return probabilities;
      }

      @Override
      public void predict(double[] row, double[] scores) {
        scores[0] = 1 - row[0];
        scores[1] = row[0];
      }

      @Override
      public String describe() {
        return "echo";
      }
    };
  }

  private static Evaluation two(double... scores) {
    double[][] rows = new double[scores.length][];
    double[] targets = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      rows[i] = new double[] {scores[i]};
      targets[i] = i % 2;
    }
    return Evaluation.of(echo(TWO, true), Table.of(TWO, rows, targets));
  }

  @Test
  void of_asksAboutEveryRowAndCopies() {
    Evaluation evaluation = two(0.25, 0.75, 0.5);

    assertThat(evaluation.scores())
        .isDeepEqualTo(new double[][] {{0.75, 0.25}, {0.25, 0.75}, {0.5, 0.5}});
    assertThat(evaluation.targets()).containsExactly(0, 1, 0);
    evaluation.scores()[0][0] = 9;
    evaluation.targets()[0] = 9;
    assertThat(evaluation.scores()[0][0]).isEqualTo(0.75);
    assertThat(evaluation.targets()[0]).isZero();
    assertThat(evaluation.size()).isEqualTo(3);
    assertThat(evaluation.schema()).isEqualTo(TWO);
    assertThat(evaluation).asString().startsWith("3 rows {accuracy=1.0, ");
  }

  @Test
  void of_anotherSchema_isRefused() {
    Table table = Table.of(schema("no", "maybe"), new double[][] {{0}, {1}}, new double[] {0, 1});

    assertThatThrownBy(() -> Evaluation.of(echo(TWO, true), table))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("must have the model's schema")
        .hasMessageContaining("maybe");
  }

  @Test
  void metrics_ofScoresThatAreNoProbabilities_haveNoneOfProbabilities() {
    Table table = Table.of(TWO, new double[][] {{0.1}, {7}}, new double[] {0, 1});

    Evaluation evaluation = Evaluation.of(echo(TWO, false), table);

    assertThat(evaluation.givesProbabilities()).isFalse();
    assertThat(evaluation.metrics().keySet())
        .containsExactly(
            "accuracy",
            "balanced_accuracy",
            "f1",
            "kappa",
            "mcc",
            "pr_auc",
            "precision",
            "recall",
            "roc_auc");
    assertThat(two(0.1, 0.9).givesProbabilities()).isTrue();
    assertThatThrownBy(() -> evaluation.metric("brier"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no metric 'brier'; there are [accuracy");
    assertThatThrownBy(evaluation::reliability)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("calibrate");
    Evaluation three = Evaluation.ofScores(
        THREE, false, new double[][] {{3, 1, 2}, {0, 1, 7}}, new double[] {0, 2});
    assertThat(three.metrics()).doesNotContainKeys("brier", "calibration_error", "log_loss");
  }

  @Test
  void confusion_ofEqualScores_callsTheFirst() {
    Evaluation evaluation = Evaluation.ofScores(
        THREE, true, new double[][] {{0.4, 0.4, 0.2}, {0.2, 0.4, 0.4}}, new double[] {0, 1});

    assertThat(evaluation.confusion().accuracy()).isEqualTo(1);
  }

  @Test
  void confusionAt_countsFromTheThresholdOn() {
    Evaluation evaluation = two(0.25, 0.75, 0.5, 0.5);

    assertThat(evaluation.confusionAt(0.5).count(1, 1)).isEqualTo(2);
    assertThat(evaluation.confusionAt(0.5).count(0, 1)).isEqualTo(1);
    assertThat(evaluation.confusionAt(0.6).count(1, 1)).isEqualTo(1);
    assertThat(evaluation.confusionAt(0.6).count(0, 1)).isZero();
  }

  @Test
  void at_aThreshold_movesWhatDependsOnIt() {
    Evaluation evaluation = two(0.25, 0.75, 0.5, 0.5, 0.1, 0.3);

    Evaluation at = evaluation.at(0.3);

    assertThat(at.confusion()).hasToString("[no, yes] [[2, 1], [0, 3]]");
    assertThat(evaluation.confusionAt(0.3)).hasToString("[no, yes] [[2, 1], [0, 3]]");
    assertThat(at.metric("recall")).isEqualTo(1);
    assertThat(at.metric("precision")).isEqualTo(0.75);
    assertThat(evaluation.metric("recall")).isCloseTo(1 / 3.0, within(1e-15));
    for (String name : List.of("roc_auc", "pr_auc", "log_loss", "brier", "calibration_error")) {
      assertThat(at.metric(name)).as(name).isEqualTo(evaluation.metric(name));
    }
    assertThat(at.select(3, 4, 5).metric("recall")).isEqualTo(1);
    assertThat(at.by(new String[] {"a", "b", "b", "b", "b", "b"}).values())
        .extracting(group -> group.confusion().count(0, 1))
        .containsExactly(0L, 1L);
    assertThat(Bootstrap.intervals(at, 100, 1).get("recall")).isEqualTo(new Interval(1, 1));
    assertThat(at.at(0.6).metric("recall")).isCloseTo(1 / 3.0, within(1e-15));
  }

  @Test
  void at_whatIsNoThreshold_isRefused() {
    Evaluation three = Evaluation.ofScores(
        THREE, true, new double[][] {{0.4, 0.4, 0.2}, {0.2, 0.4, 0.4}}, new double[] {0, 1});

    assertThatThrownBy(() -> two(0.25, 0.75).at(Double.NaN))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a threshold must be a number, got NaN");
    assertThatThrownBy(() -> three.at(0.5))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("needs two classes");
  }

  @Test
  void curves_ofThreeClasses_areRefused() {
    Evaluation three = Evaluation.ofScores(
        THREE, true, new double[][] {{0.4, 0.4, 0.2}, {0.2, 0.4, 0.4}}, new double[] {0, 1});

    List<ThrowingCallable> calls = List.of(
        () -> three.confusionAt(0.5), three::roc, three::precisionRecall, three::reliability);
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("needs two classes");
    }
  }

  @Test
  void curves_ofTwoClasses_areOfThePositiveOne() {
    Evaluation evaluation = two(0.25, 0.75, 0.45, 0.55);

    assertThat(evaluation.reliability())
        .containsExactly(
            new CalibrationBin(0.2, 0.3, 1, 0.25, 0),
            new CalibrationBin(0.4, 0.5, 1, 0.45, 0),
            new CalibrationBin(0.5, 0.6, 1, 0.55, 1),
            new CalibrationBin(0.7, 0.8, 1, 0.75, 1));
    assertThat(evaluation.precisionRecall())
        .extracting(RankMetrics.PrecisionRecallPoint::threshold)
        .containsExactly(0.75, 0.55, 0.45, 0.25);
    assertThat(evaluation.roc()).hasSize(5);
    assertThat(evaluation.metric("calibration_error"))
        .isCloseTo((0.25 + 0.25 + 0.45 + 0.45) / 4, within(1e-15));
  }

  @Test
  void ofScores_thatDoNotFit_areRefused() {
    assertThatThrownBy(() -> Evaluation.ofScores(TWO, true, new double[2][2], new double[1]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("got 2 and 1");
    assertThatThrownBy(() -> Evaluation.ofScores(TWO, true, new double[0][2], new double[0]))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Evaluation.ofScores(TWO, true, new double[1][3], new double[1]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a row must have 2 scores, got 3");
  }

  @Test
  void select_andBy_refuseWhatHasNoRows() {
    Evaluation evaluation = two(0.25, 0.75);

    assertThatThrownBy(evaluation::select).isInstanceOf(InvalidInputException.class);
    assertThat(evaluation.select(1, 1).targets()).containsExactly(1, 1);
    assertThatThrownBy(() -> evaluation.by(new String[] {"a"}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("one value per row, 2, got 1");
  }
}
