package dev.mlops.registry.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.evaluation.Comparison;
import dev.mlops.evaluation.Evaluation;
import dev.mlops.evaluation.Interval;
import dev.mlops.evaluation.Patients;
import dev.mlops.registry.compare.PairedBootstrap.Estimate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
  /**
   * Fifteen law schools: Efron and Tibshirani, An Introduction to the Bootstrap; R's
   * bootstrap::law.
   */
  private static final double[] LSAT = {
    576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594
  };

  private static final double[] GPA = {
    3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96
  };

  private static double correlation(double[] x, double[] y) {
    double mx = Arrays.stream(x).average().orElseThrow();
    double my = Arrays.stream(y).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - mx) * (y[i] - my);
      xx += (x[i] - mx) * (x[i] - mx);
      yy += (y[i] - my) * (y[i] - my);
    }
    return xy / Math.sqrt(xx * yy);
  }

  @Test
  void estimate_ofTheLawSchools_hasThePublishedStandardError() {
    // R: cor(law) is 0.7763745, and boot(law, cor, R = 1000) printed a standard error of 0.1312;
    // 400,000 draws with numpy give 0.13345, and 0.5239 and 0.9473 as 5 % and 95 % quantiles.
    Estimate estimate =
        PairedBootstrap.of(20_000, 1).estimate(PairedBootstrapTest::correlation, LSAT, GPA, 0.9);

    assertThat(estimate.value()).isCloseTo(0.7763745, within(5e-8));
    assertThat(estimate.standardError()).isCloseTo(0.13345, within(0.002));
    assertThat(estimate.low()).isCloseTo(0.5239, within(0.006));
    assertThat(estimate.high()).isCloseTo(0.9473, within(0.003));
  }

  @Test
  void compare_ofAreasOnThePatients_agreesWithNumpyAndNearlyWithDeLong() {
    PairedComparison comparison = PairedBootstrap.of(4000, 3)
        .compare(
            "roc_auc",
            ScoreMetric.named("roc_auc"),
            Patients.labels(),
            Patients.wfns(),
            Patients.s100b(),
            0.95);

    // 200,000 draws with numpy, by class: standard error 0.04163, interval [0.01423, 0.17785].
    assertThat(comparison.difference()).isCloseTo(0.09231029810298, within(1e-13));
    assertThat(comparison.standardError()).isCloseTo(0.04163, within(0.0015));
    assertThat(comparison.low()).isCloseTo(0.01423, within(0.006));
    assertThat(comparison.high()).isCloseTo(0.17785, within(0.006));
  }

  @Test
  void compare_onAnEvaluationsRows_isTheEvaluationsOwnComparison() {
    var schema = new Schema(
        List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("no", "yes")));
    double[] labels = new double[90];
    double[][] a = new double[90][];
    double[][] b = new double[90][];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 3 == 0 ? 1 : 0;
      double p = 0.5 + 0.4 * Math.sin(i * 1.7) * 0.9 + 0.1 * labels[i] * 0.9 - 0.05;
      double q = 0.5 + 0.4 * Math.cos(i * 2.3);
      a[i] = new double[] {1 - p, p};
      b[i] = new double[] {1 - q, q};
    }
    Evaluation first = Evaluation.ofScores(schema, true, a, labels);
    Evaluation second = Evaluation.ofScores(schema, true, b, labels);
    var evaluated = Comparison.of(first, second, 300, 11);

    for (String metric : List.of("roc_auc", "pr_auc", "brier", "log_loss", "accuracy")) {
      PairedComparison registered = PairedBootstrap.of(300, 11)
          .compare(
              metric,
              ScoreMetric.named(metric),
              labels,
              Arrays.stream(a).mapToDouble(s -> s[1]).toArray(),
              Arrays.stream(b).mapToDouble(s -> s[1]).toArray(),
              0.95);
      Interval interval = evaluated.intervals().get(metric);
      assertThat(interval).as(metric).isNotNull();
      assertThat(registered.low()).as(metric).isCloseTo(interval.low(), within(1e-12));
      assertThat(registered.high()).as(metric).isCloseTo(interval.high(), within(1e-12));
    }
  }

  @Test
  void compare_ofMeans_hasTheStandardErrorOfPairedDifferences() {
    double[] labels = new double[400];
    double[] a = new double[400];
    double[] b = new double[400];
    for (int i = 0; i < a.length; i++) {
      labels[i] = i % 2;
      a[i] = Math.sin(i) * 10 + Math.cos(i * 7);
      b[i] = Math.sin(i) * 10;
    }
    ScoreMetric mean = (ignored, scores) -> Arrays.stream(scores).average().orElseThrow();

    PairedComparison comparison =
        PairedBootstrap.of(4000, 7).compare("mean", mean, labels, a, b, 0.95);

    // The shared sine cancels: sd(cos)/sqrt(n) = sqrt(1/2)/20, not sqrt(50)/20.
    assertThat(comparison.standardError()).isCloseTo(Math.sqrt(0.5) / 20, within(0.002));
    assertThat(comparison.high() - comparison.low())
        .isCloseTo(2 * 1.96 * Math.sqrt(0.5) / 20, within(0.01));
    assertThat(comparison.difference())
        .isCloseTo(comparison.candidate() - comparison.champion(), within(1e-12));
  }

  @Test
  void compare_isRepeatableForASeed() {
    double[] labels = {1, 0, 1, 0, 1, 1, 0, 0};
    double[] a = {.9, .2, .8, .3, .4, .7, .6, .1};
    double[] b = {.8, .3, .9, .4, .3, .6, .7, .2};

    PairedComparison first = compare(labels, a, b, 3);

    assertThat(compare(labels, a, b, 3)).isEqualTo(first);
    assertThat(compare(labels, a, b, 4)).isNotEqualTo(first);
  }

  private static PairedComparison compare(double[] labels, double[] a, double[] b, long seed) {
    return PairedBootstrap.of(500, seed)
        .compare("brier", ScoreMetric.named("brier"), labels, a, b, 0.95);
  }

  @Test
  void metrics_ofASmallTable_areRightByHand() {
    double[] labels = {1, 0, 1, 0};
    double[] scores = {0.9, 0.6, 0.4, 0.1};

    assertThat(metric("roc_auc", labels, scores)).isEqualTo(0.75);
    assertThat(metric("pr_auc", labels, scores)).isCloseTo((1 + 2.0 / 3) / 2, within(1e-15));
    assertThat(metric("accuracy", labels, scores)).isEqualTo(0.5);
    assertThat(metric("precision", labels, scores)).isEqualTo(0.5);
    assertThat(metric("recall", labels, scores)).isEqualTo(0.5);
    assertThat(metric("f1", labels, scores)).isEqualTo(0.5);
    assertThat(metric("brier", labels, scores))
        .isCloseTo((0.01 + 0.36 + 0.36 + 0.01) / 4, within(1e-15));
    assertThat(metric("rmse", labels, scores)).isCloseTo(Math.sqrt(0.185), within(1e-15));
    assertThat(metric("mae", labels, scores)).isCloseTo(0.35, within(1e-15));
    assertThat(metric("log_loss", labels, scores))
        .isCloseTo(-(2 * Math.log(0.9) + 2 * Math.log(0.4)) / 4, within(1e-15));
    assertThat(metric("log_loss", new double[] {1}, new double[] {0})).isFinite();
    assertThat(metric("roc_auc", new double[] {1, 1}, new double[] {.1, .2})).isNaN();
    assertThat(metric("pr_auc", labels, new double[] {.5, .5, .5, .5})).isEqualTo(0.5);
    assertThatThrownBy(() -> ScoreMetric.named("speed")).isInstanceOf(NotFoundException.class);
  }

  private static double metric(String name, double[] labels, double[] scores) {
    return ScoreMetric.named(name).of(labels, scores);
  }

  @Test
  void badInput_isRefused() {
    double[] ones = {1, 1, 1};
    double[] scores = {.1, .2, .3};
    PairedBootstrap bootstrap = PairedBootstrap.of(100, 1);
    ScoreMetric auc = ScoreMetric.named("roc_auc");

    assertThatThrownBy(() -> PairedBootstrap.of(99, 1)).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> bootstrap.estimate(auc, ones, scores, 0.95))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> bootstrap.estimate(auc, ones, new double[2], 0.95))
        .isInstanceOf(InvalidInputException.class);
    ScoreMetric rarelyDetermined = (l, s) -> s[0] == .1 ? 1 : Double.NaN;
    assertThatThrownBy(() -> bootstrap.estimate(rarelyDetermined, ones, scores, 0.95))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("of 100 resamples");
    assertThatThrownBy(() -> bootstrap.estimate(auc, ones, scores, 1))
        .isInstanceOf(InvalidInputException.class);
  }
}
