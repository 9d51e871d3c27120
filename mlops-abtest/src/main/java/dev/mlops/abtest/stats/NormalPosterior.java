package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Normal;

/**
 * Posterior of an effect with a normal likelihood and a normal or flat prior. Chance to win and
 * expected loss do not protect against peeking. Immutable.
 *
 * @param mean of the posterior
 * @param standardDeviation of the posterior, positive
 */
public record NormalPosterior(double mean, double standardDeviation) {
  /** Checks the numbers. */
  public NormalPosterior {
    Checks.finite("posterior mean", mean);
    Checks.positive("posterior standard deviation", standardDeviation);
  }

  /**
   * With a flat prior: the likelihood itself.
   *
   * @param estimate the effect
   * @param standardError its standard error, positive
   * @return the posterior
   */
  public static NormalPosterior flat(double estimate, double standardError) {
    return new NormalPosterior(estimate, standardError);
  }

  /**
   * With a normal prior on the same scale as the effect.
   *
   * @param estimate the effect
   * @param standardError its standard error, positive
   * @param priorMean of the effect
   * @param priorVariance of the effect, positive
   * @return the posterior
   */
  public static NormalPosterior of(
      double estimate, double standardError, double priorMean, double priorVariance) {
    Checks.positive("standard error", standardError);
    Checks.positive("prior variance", priorVariance);
    double precision = 1 / (standardError * standardError) + 1 / priorVariance;
    double weighted = estimate / (standardError * standardError) + priorMean / priorVariance;
    return new NormalPosterior(weighted / precision, Math.sqrt(1 / precision));
  }

  /**
   * Probability that the effect is positive.
   *
   * @return from 0 to 1
   */
  public double chanceAboveZero() {
    return Normal.cdf(mean / standardDeviation);
  }

  /**
   * E[max(-effect, 0)]: what choosing the treatment is expected to lose when higher is better.
   *
   * @return 0 or more
   */
  public double expectedShortfall() {
    double z = mean / standardDeviation;
    return standardDeviation * Normal.density(z) - mean * Normal.sf(z);
  }

  /**
   * E[max(effect, 0)]: what choosing the control is expected to lose when higher is better.
   *
   * @return 0 or more
   */
  public double expectedGain() {
    double z = mean / standardDeviation;
    return standardDeviation * Normal.density(z) + mean * Normal.cdf(z);
  }

  /**
   * Central credible interval.
   *
   * @param alpha one minus the level
   * @return the interval
   */
  public Interval interval(double alpha) {
    double z = Normal.upperQuantile(Checks.probability("alpha", alpha) / 2);
    return Interval.around(mean, z * standardDeviation);
  }
}
