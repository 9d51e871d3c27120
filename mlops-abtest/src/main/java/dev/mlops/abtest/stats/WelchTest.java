package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.StudentT;

/**
 * Welch's t-test of the difference of two means, treatment minus control, with Satterthwaite's
 * degrees of freedom. v = s<sub>C</sub>&sup2;/n<sub>C</sub> + s<sub>T</sub>&sup2;/n<sub>T</sub>; t
 * = difference/&radic;v; df = v&sup2; / &Sigma;[(s&sup2;/n)&sup2;/(n-1)] (Welch 1947). The p-value
 * is computed in the tail and never rounds to 0 for |t| up to 38. Valid once; looking repeatedly
 * and stopping at p &lt; &alpha; is not. Immutable.
 *
 * @param difference mean of treatment minus mean of control
 * @param standardError of the difference, positive
 * @param degreesOfFreedom Satterthwaite's, positive
 */
public record WelchTest(double difference, double standardError, double degreesOfFreedom) {
  /** Checks that the numbers make a test. */
  public WelchTest {
    Checks.finite("difference", difference);
    Checks.positive("standard error", standardError);
    Checks.positive("degrees of freedom", degreesOfFreedom);
  }

  /**
   * The test of two samples.
   *
   * @param control at least two units
   * @param treatment at least two units
   * @return the test
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if a sample has fewer than two
   *     units or neither varies
   */
  public static WelchTest of(SampleMoments control, SampleMoments treatment) {
    Checks.atLeast("units in control", 2, control.count());
    Checks.atLeast("units in treatment", 2, treatment.count());
    double vc = control.varianceOfMean();
    double vt = treatment.varianceOfMean();
    double v = vc + vt;
    if (!(v > 0)) {
      throw Checks.invalid("Welch's t-test needs a positive variance, got 0 in both samples");
    }
    double df = v * v / (vc * vc / (control.count() - 1) + vt * vt / (treatment.count() - 1));
    return new WelchTest(treatment.mean() - control.mean(), Math.sqrt(v), df);
  }

  /**
   * The test statistic.
   *
   * @return difference / standard error
   */
  public double t() {
    return difference / standardError;
  }

  /**
   * Two-sided p-value of "no difference".
   *
   * @return more than 0, at most 1
   */
  public double pValue() {
    return StudentT.twoSided(t(), degreesOfFreedom);
  }

  /**
   * One-sided p-value of "treatment is not above control by more than {@code margin}".
   *
   * @param margin in units of the metric, usually 0
   * @return small when the difference exceeds the margin
   */
  public double pGreaterThan(double margin) {
    return StudentT.sf((difference - margin) / standardError, degreesOfFreedom);
  }

  /**
   * One-sided p-value of "treatment is not below control + {@code margin}". With a positive margin
   * and a metric where lower is better this is the non-inferiority test.
   *
   * @param margin in units of the metric
   * @return small when the difference is below the margin
   */
  public double pLessThan(double margin) {
    return StudentT.sf((margin - difference) / standardError, degreesOfFreedom);
  }

  /**
   * Two one-sided tests (Schuirmann 1987) that the difference lies inside a range.
   *
   * @param low lower end of what counts as equivalent
   * @param high upper end
   * @return the larger of the two one-sided p-values
   */
  public double pEquivalent(double low, double high) {
    return Math.max(pGreaterThan(low), pLessThan(high));
  }

  /**
   * Confidence interval of the difference.
   *
   * @param alpha one minus the confidence level, for example 0.05
   * @return difference &plusmn; t(1-&alpha;/2, df) standard errors
   */
  public Interval interval(double alpha) {
    Checks.probability("alpha", alpha);
    double t = StudentT.upperQuantile(alpha / 2, degreesOfFreedom);
    return Interval.around(difference, t * standardError);
  }
}
