package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UncertaintyTest {
  private static final Schema SCHEMA =
      new Schema(List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("no", "yes")));

  /** Scores that separate by {@code shift}, as probabilities. */
  private static Evaluation evaluation(int n, double shift, long seed) {
    var random = new Random(seed);
    double[][] scores = new double[n][];
    double[] targets = new double[n];
    for (int i = 0; i < n; i++) {
      targets[i] = i % 4 == 0 ? 1 : 0;
      double p = 1 / (1 + Math.exp(-(random.nextGaussian() + shift * (targets[i] - 0.5))));
      scores[i] = new double[] {1 - p, p};
    }
    return Evaluation.ofScores(SCHEMA, true, scores, targets);
  }

  @Test
  void intervals_containTheMetricShrinkWithRowsAndRepeat() {
    Evaluation small = evaluation(200, 1.5, 1);
    Evaluation large = evaluation(2000, 1.5, 1);

    Map<String, Interval> intervals = Bootstrap.intervals(small, 300, 7);

    assertThat(intervals.keySet()).isEqualTo(small.metrics().keySet());
    intervals.forEach((name, interval) -> {
      assertThat(interval.low()).as(name).isLessThan(interval.high());
      if (!name.equals("calibration_error")) { // biased upwards by resampling
        assertThat(interval.contains(small.metric(name))).as(name).isTrue();
      }
    });
    assertThat(Bootstrap.intervals(small, 300, 7)).isEqualTo(intervals);
    assertThat(Bootstrap.intervals(small, 300, 8)).isNotEqualTo(intervals);
    Interval wide = area(intervals);
    Interval narrow = area(Bootstrap.intervals(large, 100, 7));
    assertThat(narrow.high() - narrow.low()).isLessThan((wide.high() - wide.low()) / 2);
  }

  private static Interval area(Map<String, Interval> intervals) {
    return Optional.ofNullable(intervals.get("roc_auc")).orElseThrow();
  }

  @Test
  void intervals_ofAuc_agreeWithDeLong() {
    Evaluation evaluation = evaluation(1000, 1.5, 3);

    Interval bootstrap = area(Bootstrap.intervals(evaluation, 400, 1));
    Interval deLong =
        DeLong.area(evaluation.positives(1), evaluation.scoresOf(1)).interval();

    assertThat(bootstrap.low()).isCloseTo(deLong.low(), within(0.01));
    assertThat(bootstrap.high()).isCloseTo(deLong.high(), within(0.01));
  }

  @Test
  void deLong_coversTheTrueAreaAboutAsOftenAsItSays() {
    // two normals 1.5 apart: AUC = Phi(1.5 / sqrt 2)
    double truth = 1 - Erfc.of(1.5 / 2) / 2;
    int covered = 0;
    for (int i = 0; i < 400; i++) {
      Evaluation evaluation = evaluation(160, 1.5, 1000 + i);
      covered += DeLong.area(evaluation.positives(1), evaluation.scoresOf(1))
              .interval()
              .contains(truth)
          ? 1
          : 0;
    }
    assertThat(covered).isBetween(362, 394); // 380 expected; about four standard errors
  }

  @Test
  void comparison_ofBetterAndWorse_saysSo() {
    Evaluation good = evaluation(800, 2.5, 1);
    Evaluation poor = evaluation(800, 0.5, 2);

    Comparison comparison = Comparison.of(good, poor, 200, 3);

    assertThat(comparison.isBetter("roc_auc")).isTrue();
    assertThat(comparison.isBetter("log_loss")).isTrue();
    assertThat(comparison.auc().orElseThrow().pValue()).isLessThan(1e-6);
    assertThat(Comparison.of(poor, good, 200, 3).isBetter("roc_auc")).isFalse();
    Comparison same = Comparison.of(good, good, 100, 3);
    assertThat(same.differences().values()).containsOnly(0.0);
    assertThat(same.isBetter("roc_auc")).isFalse();
    assertThat(same.auc().orElseThrow().pValue()).isEqualTo(1);
    assertThatThrownBy(() -> same.isBetter("nope")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> Comparison.of(good, evaluation(801, 1, 1), 100, 1))
        .isInstanceOf(InvalidInputException.class);
  }

  private static Evaluation scored(double... scores) {
    double[][] both = new double[scores.length][];
    double[] targets = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      targets[i] = i % 2;
      both[i] = new double[] {1 - scores[i], scores[i]};
    }
    return Evaluation.ofScores(SCHEMA, true, both, targets);
  }

  @Test
  void threshold_forCosts_isTheCheapest() {
    // no: 0.1 0.6 0.3, yes: 0.9 0.5 0.8
    Evaluation evaluation = scored(0.1, 0.9, 0.6, 0.5, 0.3, 0.8);

    assertThat(Threshold.cheapest(evaluation, 10, 1).value()).isEqualTo(0.8);
    assertThat(Threshold.cheapest(evaluation, 1, 10).value()).isEqualTo(0.5);
    assertThat(Threshold.cheapest(evaluation, 1, 0).value()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Threshold.cheapest(evaluation, 1, 10)).isEqualTo(new Threshold(0.5, 0.75, 1, 1, 0));
  }

  @Test
  void threshold_forPrecision_findsMost() {
    Evaluation evaluation = scored(0.1, 0.9, 0.6, 0.5, 0.3, 0.8);

    assertThat(Threshold.atPrecision(evaluation, 0.9).orElseThrow().value()).isEqualTo(0.8);
    assertThat(Threshold.atPrecision(evaluation, 0.7).orElseThrow().recall()).isEqualTo(1);
    assertThat(Threshold.atPrecision(scored(0.9, 0.1, 0.8, 0.2), 0.9)).isEmpty();
    assertThat(evaluation.confusionAt(0.8).count(1, 1)).isEqualTo(2);
    assertThat(evaluation.confusionAt(0.8).count(0, 1)).isZero();
  }

  @Test
  void by_group_evaluatesEachGroupAlone() {
    Evaluation evaluation = scored(0.1, 0.9, 0.6, 0.5, 0.3, 0.8);

    Map<String, Evaluation> groups = evaluation.by(new String[] {"a", "a", "b", "b", "a", "a"});

    assertThat(groups.keySet()).containsExactly("a", "b");
    assertThat(groups.values())
        .extracting(group -> group.metric("roc_auc"))
        .containsExactly(1.0, 0.0);
  }

  @Test
  void erfc_agreesWithTables() {
    assertThat(Erfc.of(0)).isEqualTo(1);
    assertThat(Erfc.of(0.5)).isCloseTo(0.4795001221869535, within(1e-15));
    assertThat(Erfc.of(2)).isCloseTo(0.004677734981047266, within(1e-16));
    assertThat(Erfc.of(1.9999999)).isCloseTo(Erfc.of(2.0000001), within(1e-8));
    assertThat(Erfc.of(5) / 1.5374597944280349e-12).isCloseTo(1, within(1e-12));
  }

  @Test
  void confusion_ofKnownCounts_givesKnownMeasures() {
    var matrix = new ConfusionMatrix(List.of("no", "yes"), new long[][] {{50, 10}, {5, 35}});

    assertThat(matrix.total()).isEqualTo(100);
    assertThat(matrix.accuracy()).isEqualTo(0.85);
    assertThat(matrix.precision(1)).isCloseTo(35 / 45.0, within(1e-15));
    assertThat(matrix.recall(1)).isEqualTo(0.875);
    assertThat(matrix.f1(1)).isCloseTo(70 / 85.0, within(1e-15));
    assertThat(matrix.balancedAccuracy()).isCloseTo((50 / 60.0 + 0.875) / 2, within(1e-15));
    assertThat(matrix.mcc())
        .isCloseTo((35 * 50 - 10 * 5) / Math.sqrt(45.0 * 40 * 60 * 55), within(1e-15));
    assertThat(matrix.kappa()).isCloseTo((0.85 - 0.51) / (1 - 0.51), within(1e-12));
    var empty = new ConfusionMatrix(List.of("no", "yes"), new long[][] {{3, 0}, {0, 0}});
    assertThat(empty.precision(1)).isZero();
    assertThat(empty.mcc()).isZero();
    assertThat(empty.balancedAccuracy()).isEqualTo(1);
    assertThatThrownBy(() -> new ConfusionMatrix(List.of("a", "b"), new long[][] {{1, 2}}))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void regression_ofKnownErrors_givesKnownMeasures() {
    double[] truth = {1, 2, 3, 4};
    double[] predicted = {1, 2, 3, 8};

    assertThat(RegressionMetrics.rmse(truth, predicted)).isEqualTo(2);
    assertThat(RegressionMetrics.mae(truth, predicted)).isEqualTo(1);
    assertThat(RegressionMetrics.r2(truth, predicted)).isCloseTo(1 - 16 / 5.0, within(1e-15));
    assertThat(RegressionMetrics.r2(new double[] {1, 1}, new double[] {1, 2})).isNaN();
    assertThatThrownBy(() -> RegressionMetrics.mae(truth, new double[3]))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> RegressionMetrics.rmse(truth, new double[3]))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> RegressionMetrics.r2(truth, new double[] {1, 2, 3, Double.NaN}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("row 3: values must be numbers, got NaN");
    assertThatThrownBy(() -> RegressionMetrics.mae(new double[] {Double.NaN}, new double[1]))
        .isInstanceOf(InvalidInputException.class);
  }
}
