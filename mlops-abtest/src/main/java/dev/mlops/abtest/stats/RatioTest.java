package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;

/**
 * Difference of two ratios of means, for example clicks per page view, by the delta method: the
 * variance of one unit's linearised contribution is [&sigma;<sub>M</sub>&sup2; +
 * r&sup2;&sigma;<sub>D</sub>&sup2; - 2r&sigma;<sub>MD</sub>] / &mu;<sub>D</sub>&sup2;, with the
 * unit being the randomised one (Deng, Knoblich and Lu 2018). Immutable.
 *
 * @param control moments of numerator and denominator
 * @param treatment moments of numerator and denominator
 */
public record RatioTest(PairedMoments control, PairedMoments treatment) {
  /** Checks that both ratios exist. */
  public RatioTest {
    if (control.otherMean() == 0 || treatment.otherMean() == 0) {
      throw Checks.invalid("ratio: the mean denominator must not be 0");
    }
  }

  /**
   * The ratio of one sample.
   *
   * @param sample moments of numerator and denominator
   * @return mean numerator / mean denominator
   */
  public static double ratio(PairedMoments sample) {
    return sample.mean() / sample.otherMean();
  }

  /**
   * Variance of one unit's linearised contribution; divide by the count for the ratio's variance.
   *
   * @param sample moments of numerator and denominator
   * @return the variance
   */
  public static double unitVariance(PairedMoments sample) {
    double r = ratio(sample);
    double v = sample.variance() + r * r * sample.otherVariance() - 2 * r * sample.covariance();
    return Math.max(0, v) / (sample.otherMean() * sample.otherMean());
  }

  /**
   * The test of the difference of the ratios.
   *
   * @return Welch's test on the linearised contributions
   */
  public WelchTest test() {
    return WelchTest.of(linearised(control), linearised(treatment));
  }

  /**
   * The relative lift of the ratio.
   *
   * @return estimates and variances, for the delta or Fieller interval
   */
  public RelativeLift lift() {
    return new RelativeLift(
        ratio(control),
        unitVariance(control) / control.count(),
        ratio(treatment),
        unitVariance(treatment) / treatment.count());
  }

  private static SampleMoments linearised(PairedMoments sample) {
    return new SampleMoments(sample.count(), ratio(sample), unitVariance(sample));
  }
}
