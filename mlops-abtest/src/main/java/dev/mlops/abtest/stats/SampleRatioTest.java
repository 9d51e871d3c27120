package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.ChiSquared;

/**
 * Pearson's &chi;&sup2; test that units were split in the planned ratio (sample ratio mismatch).
 * Degrees of freedom are the arms with a positive weight minus one. Valid once. Immutable.
 *
 * @param statistic &Sigma;(observed - expected)&sup2;/expected
 * @param degreesOfFreedom arms with weight, minus one
 */
public record SampleRatioTest(double statistic, int degreesOfFreedom) {
  /** Checks that the numbers make a test. */
  public SampleRatioTest {
    if (!(statistic >= 0)) {
      throw Checks.invalid("chi-squared must be 0 or more, got " + statistic);
    }
    Checks.atLeast("degrees of freedom", 1, degreesOfFreedom);
  }

  /**
   * Compares counts with weights.
   *
   * @param observed units per arm
   * @param weights planned relative share per arm; at least two positive
   * @return the test; the statistic is infinite if an arm without weight has units
   */
  public static SampleRatioTest of(long[] observed, double[] weights) {
    if (observed.length != weights.length) {
      throw Checks.invalid(
          "sample ratio: got " + observed.length + " counts and " + weights.length + " weights");
    }
    double totalWeight = 0;
    long units = 0;
    int arms = 0;
    for (int i = 0; i < observed.length; i++) {
      Checks.atLeast("units in arm " + i, 0, observed[i]);
      if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
        throw Checks.invalid("weight of arm " + i + " must be 0 or more, got " + weights[i]);
      }
      totalWeight += weights[i];
      units += observed[i];
      arms += weights[i] > 0 ? 1 : 0;
    }
    Checks.atLeast("arms with weight", 2, arms);
    double statistic = 0;
    for (int i = 0; i < observed.length; i++) {
      if (weights[i] > 0) {
        double expected = units * weights[i] / totalWeight;
        double d = observed[i] - expected;
        statistic += units == 0 ? 0 : d * d / expected;
      } else if (observed[i] > 0) {
        statistic = Double.POSITIVE_INFINITY;
      }
    }
    return new SampleRatioTest(statistic, arms - 1);
  }

  /**
   * Independent tests, for example of several epochs, as one.
   *
   * @param other another test
   * @return the sum of statistics and degrees of freedom
   */
  public SampleRatioTest plus(SampleRatioTest other) {
    return new SampleRatioTest(
        statistic + other.statistic, degreesOfFreedom + other.degreesOfFreedom);
  }

  /**
   * P-value of "the split is as planned".
   *
   * @return 0 only if an arm without weight has units
   */
  public double pValue() {
    return statistic == Double.POSITIVE_INFINITY ? 0 : ChiSquared.sf(statistic, degreesOfFreedom);
  }
}
