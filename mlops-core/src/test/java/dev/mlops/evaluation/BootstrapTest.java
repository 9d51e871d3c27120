package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.data.internal.Shuffle;
import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final List<Feature> X = List.of(new Feature.Numeric("x"));

  private static Interval of(Map<String, Interval> intervals, String name) {
    return java.util.Objects.requireNonNull(intervals.get(name), name);
  }

  /** Draws and quantiles by hand: position 2.5 of 101 sorted values, and 97.5. */
  @Test
  void intervals_ofAQuantity_areTheTailsOfItsDraws() {
    double[] errors = {1, 0, 3, -2, 0.5, 4, -1};
    Evaluation evaluation = Evaluation.ofScores(
        new Schema(X, new Target.Quantity("y")),
        false,
        Arrays.stream(errors).mapToObj(e -> new double[] {e}).toArray(double[][]::new),
        new double[errors.length]);
    Random random = Shuffle.random(9);
    double[] drawn = new double[101];
    for (int r = 0; r < drawn.length; r++) {
      for (int i = 0; i < errors.length; i++) {
        drawn[r] += Math.abs(errors[random.nextInt(errors.length)]) / errors.length;
      }
    }
    Arrays.sort(drawn);

    Interval mae = of(Bootstrap.intervals(evaluation, 101, 9), "mae");

    assertThat(mae.low()).isCloseTo((drawn[2] + drawn[3]) / 2, within(1e-12));
    assertThat(mae.high()).isCloseTo((drawn[97] + drawn[98]) / 2, within(1e-12));
  }

  private static Evaluation twoClasses(int rows, int positives, double score) {
    double[][] scores = new double[rows][];
    double[] targets = new double[rows];
    for (int i = 0; i < rows; i++) {
      scores[i] = new double[] {1 - score, score};
      targets[i] = i < positives ? 1 : 0;
    }
    return Evaluation.ofScores(
        new Schema(X, new Target.Classes("y", List.of("no", "yes"))), true, scores, targets);
  }

  /** A model that always says no is right on the share of no, in every stratified draw. */
  @Test
  void intervals_ofClasses_keepTheNumberOfRowsOfEachClass() {
    Map<String, Interval> intervals = Bootstrap.intervals(twoClasses(40, 9, 0.2), 100, 3);

    assertThat(of(intervals, "accuracy")).isEqualTo(new Interval(31 / 40.0, 31 / 40.0));
  }

  @Test
  void intervals_ofAMetricThatTheRowsDoNotDefine_areNotDefined() {
    Map<String, Interval> intervals = Bootstrap.intervals(twoClasses(40, 0, 0.2), 100, 3);

    assertThat(of(intervals, "roc_auc").low()).isNaN();
    assertThat(of(intervals, "roc_auc").high()).isNaN();
    assertThat(of(intervals, "accuracy")).isEqualTo(new Interval(1, 1));
  }

  @Test
  void intervals_ofTooFewDraws_areRefused() {
    Evaluation evaluation = twoClasses(40, 9, 0.2);

    assertThatThrownBy(() -> Bootstrap.intervals(evaluation, 99, 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("resamples must be >= 100, got 99");
    assertThatCode(() -> Bootstrap.intervals(evaluation, 100, 1)).doesNotThrowAnyException();
  }

  @Test
  void comparison_needsTwoRowsOfEitherClassForAreas_andZeroIsNotBetter() {
    Evaluation two = twoClasses(5, 2, 0.2);
    Comparison same = Comparison.of(two, two, 100, 1);

    assertThat(same.auc()).isPresent();
    assertThat(same.isBetter("log_loss")).isFalse();
    assertThat(same.isBetter("accuracy")).isFalse();
    Evaluation one = twoClasses(5, 1, 0.2);
    Evaluation four = twoClasses(5, 4, 0.2);
    assertThat(Comparison.of(one, one, 100, 1).auc()).isEmpty();
    assertThat(Comparison.of(four, four, 100, 1).auc()).isEmpty();
    Evaluation three = twoClasses(5, 3, 0.2);
    assertThat(Comparison.of(three, three, 100, 1).auc()).isPresent();
    assertThatThrownBy(() -> Comparison.of(two, one, 100, 1))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void interval_containsItsBounds() {
    Interval interval = new Interval(1, 2);

    assertThat(interval.contains(1)).isTrue();
    assertThat(interval.contains(2)).isTrue();
    assertThat(interval.contains(0.999)).isFalse();
    assertThat(interval.contains(2.001)).isFalse();
    assertThat(interval.contains(Double.NaN)).isFalse();
  }
}
