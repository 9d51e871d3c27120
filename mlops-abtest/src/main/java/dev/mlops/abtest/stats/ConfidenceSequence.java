package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;

/**
 * Asymptotic confidence sequence of a mean effect: an interval that holds at every look at once,
 * with probability 1-&alpha; in the limit of many units (Waudby-Smith, Arbour, Sinha, Kennedy and
 * Ramdas 2021, normal mixture boundary). It is tightest when about {@code tuningUnits} units have
 * been seen. With &rho;&sup2; = (-2 ln &alpha; + ln(1 - 2 ln &alpha;)) / N* the half-width is se
 * &radic;[2(n&rho;&sup2;+1)/(n&rho;&sup2;) ln(&radic;(n&rho;&sup2;+1)/&alpha;)]. Immutable.
 *
 * @param alpha the chance that any of the intervals, ever, misses the truth
 * @param tuningUnits N*, over both arms
 */
public record ConfidenceSequence(double alpha, double tuningUnits) {
  /**
   * The one-sided boundary is only defined below this level; a larger p-value is reported as it.
   */
  public static final double LARGEST_ONE_SIDED_P = 0.4999;

  /** Checks the ranges. */
  public ConfidenceSequence {
    Checks.probability("alpha", alpha);
    Checks.positive("tuning units", tuningUnits);
  }

  /**
   * The mixture's scale for the two-sided sequence.
   *
   * @return &rho;
   */
  public double rho() {
    return rho(alpha);
  }

  /**
   * The mixture's scale for a one-sided sequence, which spends 2&alpha; as a two-sided one would.
   *
   * @return &rho;, which needs alpha below 0.5
   */
  public double oneSidedRho() {
    return rho(2 * alpha);
  }

  /**
   * How many standard errors the two-sided interval reaches.
   *
   * @param units units seen, over both arms
   * @return the multiple
   */
  public double multiplier(double units) {
    double information = Checks.positive("units", units) * square(rho());
    double log = Math.log(Math.sqrt(information + 1) / alpha);
    return Math.sqrt(2 * (information + 1) / information * log);
  }

  /**
   * How many standard errors a one-sided bound reaches.
   *
   * @param units units seen, over both arms
   * @return the multiple
   */
  public double oneSidedMultiplier(double units) {
    double information = Checks.positive("units", units) * square(oneSidedRho());
    double log = Math.log1p(Math.sqrt(information + 1) / (2 * alpha));
    return Math.sqrt(2 * (information + 1) / information * log);
  }

  /**
   * The interval at one look.
   *
   * @param estimate the effect
   * @param standardError its standard error
   * @param units units seen, over both arms
   * @return estimate &plusmn; multiplier &times; standard error
   */
  public Interval interval(double estimate, double standardError, double units) {
    return Interval.around(estimate, multiplier(units) * standardError);
  }

  /**
   * Always-valid two-sided p-value 1/e of "no effect": it may be looked at any number of times.
   *
   * @param estimate the effect
   * @param standardError its standard error, positive
   * @param units units seen, over both arms
   * @return more than 0, at most 1
   */
  public double pValue(double estimate, double standardError, double units) {
    double information = units * square(rho());
    return Math.min(
        1, Math.sqrt(information + 1) * Math.exp(-exponent(estimate, standardError, information)));
  }

  /**
   * Always-valid one-sided p-value of "the effect is not positive".
   *
   * @param estimate the effect
   * @param standardError its standard error, positive
   * @param units units seen, over both arms
   * @return more than 0, at most {@link #LARGEST_ONE_SIDED_P}
   */
  public double pGreater(double estimate, double standardError, double units) {
    if (estimate <= 0) {
      return LARGEST_ONE_SIDED_P;
    }
    double information = units * square(oneSidedRho());
    double e = Math.expm1(exponent(estimate, standardError, information));
    return Math.min(LARGEST_ONE_SIDED_P, Math.sqrt(information + 1) / (2 * e));
  }

  private static double exponent(double estimate, double standardError, double information) {
    double z = estimate / Checks.positive("standard error", standardError);
    return information * z * z / (2 * (information + 1));
  }

  private double rho(double level) {
    double l = -2 * Math.log(Checks.probability("level", level));
    return Math.sqrt((l + Math.log1p(l)) / tuningUnits);
  }

  private static double square(double x) {
    return x * x;
  }
}
