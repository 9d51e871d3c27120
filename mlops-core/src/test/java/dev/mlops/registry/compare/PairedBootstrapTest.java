package dev.mlops.registry.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.registry.compare.PairedBootstrap.Estimate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
  /** Fifteen law schools: Efron and Tibshirani, An Introduction to the Bootstrap, table 3.1. */
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
    // Table 6.1 of the book: 0.132 with 3200 resamples; the ideal value is 0.133 to 0.134.
    Estimate estimate =
        PairedBootstrap.of(20_000, 1).estimate(PairedBootstrapTest::correlation, LSAT, GPA, 0.9);

    assertThat(estimate.value()).isCloseTo(0.776, within(0.0005));
    assertThat(estimate.standardError()).isCloseTo(0.132, within(0.004));
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
    assertThatThrownBy(() -> bootstrap.estimate(auc, new double[] {1, 0, 0}, scores, 0.95))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("of 100 resamples");
    assertThatThrownBy(() -> bootstrap.estimate(auc, ones, scores, 1))
        .isInstanceOf(InvalidInputException.class);
  }
}
