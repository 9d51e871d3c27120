package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;

/**
 * Mixture sequential probability ratio test of two normal streams with a known variance (Johari,
 * Pekelis and Walsh 2017): &Lambda; = &radic;(V/(V+n&tau;&sup2;)) exp(n&sup2;&tau;&sup2;d&sup2; /
 * (2V(V+n&tau;&sup2;))), V = 2&sigma;&sup2;. Immutable.
 *
 * @param sigma known standard deviation of one observation
 * @param tau standard deviation of the mixture over effects; it must not shrink with the sample, or
 *     the boundary stops being always valid
 */
public record MixtureSprt(double sigma, double tau) {
  /** Checks the scales. */
  public MixtureSprt {
    Checks.positive("sigma", sigma);
    Checks.positive("tau", tau);
  }

  /**
   * The likelihood ratio against "no difference".
   *
   * @param difference mean of treatment minus mean of control
   * @param pairs units per arm
   * @return &Lambda;
   */
  public double likelihoodRatio(double difference, long pairs) {
    Checks.finite("difference", difference);
    double n = Checks.atLeast("units per arm", 1, pairs);
    double v = 2 * sigma * sigma;
    double t2 = tau * tau;
    double exponent = n * n * t2 * difference * difference / (2 * v * (v + n * t2));
    return Math.sqrt(v / (v + n * t2)) * Math.exp(exponent);
  }

  /**
   * Always-valid p-value at this look; the running minimum over looks is valid too.
   *
   * @param difference mean of treatment minus mean of control
   * @param pairs units per arm
   * @return min(1, 1/&Lambda;)
   */
  public double pValue(double difference, long pairs) {
    return Math.min(1, 1 / likelihoodRatio(difference, pairs));
  }
}
