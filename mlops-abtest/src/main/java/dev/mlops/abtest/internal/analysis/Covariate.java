package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.Metric;
import dev.mlops.abtest.stats.CupedTest;
import dev.mlops.abtest.stats.PairedMoments;
import dev.mlops.abtest.stats.RatioTest;

/*
 * CUPED (Deng, Xu, Kohavi and Walker 2013) needs a mean, its variance and its covariance with the
 * covariate X. A proportion is the mean of zeros and ones. A ratio r = mean M / mean D is, to first
 * order, the mean of r + (M - r D) / mean D (Deng, Knoblich and Lu 2018), whose covariance with X is
 * [cov(M, X) - r cov(D, X)] / mean D.
 */
/** Removes from a metric the variance that its covariate explains. */
final class Covariate {
  private Covariate() {}

  /**
   * A covariate without variance explains nothing, and an outcome without has nothing to explain.
   */
  static boolean explains(Metric metric, Estimator.Pair pair) {
    if (metric.covariate().isEmpty()) {
      return false;
    }
    PairedMoments c = moments(metric, pair.control());
    PairedMoments t = moments(metric, pair.treatment());
    return c.otherVariance() + t.otherVariance() > 0 && c.variance() + t.variance() > 0;
  }

  static CupedTest cuped(Metric metric, Estimator.Pair pair) {
    return new CupedTest(moments(metric, pair.control()), moments(metric, pair.treatment()));
  }

  static Stratum stratum(Metric metric, Estimator.Pair pair, double weight) {
    CupedTest cuped = cuped(metric, pair);
    PairedMoments c = cuped.control();
    PairedMoments t = cuped.treatment();
    double theta = cuped.theta();
    return new Stratum(
        weight,
        c.mean(),
        c.mean() + cuped.test().difference(),
        variance(c, theta) / c.count(),
        variance(t, theta) / t.count(),
        c.count(),
        t.count());
  }

  private static double variance(PairedMoments m, double theta) {
    double v = m.variance() + theta * theta * m.otherVariance() - 2 * theta * m.covariance();
    return Math.max(0, v);
  }

  /** The moments of the metric's units, linearised for a ratio, and of their covariate. */
  private static PairedMoments moments(Metric metric, Cell cell) {
    PairedMoments plain = cell.moments(metric).pairs();
    if (!(metric.kind() instanceof Metric.Kind.Ratio)) {
      return plain;
    }
    PairedMoments numerator = cell.numerator(metric).pairs();
    double r = RatioTest.ratio(plain);
    double covariance = numerator.covariance() - r * cell.denominator(metric).covariance();
    return new PairedMoments(
        plain.count(),
        r,
        RatioTest.unitVariance(plain),
        numerator.otherMean(),
        numerator.otherVariance(),
        covariance / plain.otherMean());
  }
}
