package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;

/**
 * Difference of means with variance reduced by a pre-experiment covariate (CUPED: Deng, Xu, Kohavi
 * and Walker 2013): Y' = Y - &theta;(X - mean X), &theta; = cov(X,Y)/var(X) over both arms joined.
 * The relative lift divides by the unadjusted control mean, with the variance that goes with it.
 * Immutable.
 *
 * @param control moments of outcome and covariate
 * @param treatment moments of outcome and covariate
 */
public record CupedTest(PairedMoments control, PairedMoments treatment) {
  /** Checks that the covariate varies. */
  public CupedTest {
    if (!(control.otherVariance() + treatment.otherVariance() > 0)) {
      throw Checks.invalid("CUPED: the covariate has the same value for every unit");
    }
  }

  /**
   * The regression coefficient of outcome on covariate, over both arms as one sample.
   *
   * @return &theta;
   */
  public double theta() {
    double nc = control.count();
    double nt = treatment.count();
    double f = nc * nt / (nc + nt);
    double dy = treatment.mean() - control.mean();
    double dx = treatment.otherMean() - control.otherMean();
    double sxy = (nc - 1) * control.covariance() + (nt - 1) * treatment.covariance() + f * dy * dx;
    double sxx =
        (nc - 1) * control.otherVariance() + (nt - 1) * treatment.otherVariance() + f * dx * dx;
    return sxy / sxx;
  }

  /**
   * The test of the adjusted difference.
   *
   * @return Welch's test on the adjusted outcomes
   */
  public WelchTest test() {
    double theta = theta();
    return WelchTest.of(adjusted(control, theta), adjusted(treatment, theta));
  }

  /**
   * The test of the relative lift: adjusted difference over unadjusted control mean, linearised at
   * the unadjusted means.
   *
   * @return difference, standard error and degrees of freedom on the relative scale
   */
  public WelchTest relative() {
    double theta = theta();
    WelchTest absolute = test();
    double c = control.mean();
    double unadjusted = (treatment.mean() - c) / c;
    double vt = adjusted(treatment, theta).varianceOfMean();
    double vc = adjusted(control, theta).varianceOfMean();
    double raw = control.variance() / control.count();
    double shared = (control.variance() - theta * control.covariance()) / control.count();
    double variance = (vt + vc + unadjusted * unadjusted * raw + 2 * unadjusted * shared) / (c * c);
    return new WelchTest(
        absolute.difference() / c, Math.sqrt(variance), absolute.degreesOfFreedom());
  }

  /**
   * The share of the difference's variance that the covariate removed.
   *
   * @return from 0 to 1; slightly negative when it does not help
   */
  public double varianceReduction() {
    double before = control.variance() / control.count() + treatment.variance() / treatment.count();
    double se = test().standardError();
    return 1 - se * se / before;
  }

  private static SampleMoments adjusted(PairedMoments m, double theta) {
    double variance = m.variance() + theta * theta * m.otherVariance() - 2 * theta * m.covariance();
    return new SampleMoments(m.count(), m.mean() - theta * m.otherMean(), Math.max(0, variance));
  }
}
