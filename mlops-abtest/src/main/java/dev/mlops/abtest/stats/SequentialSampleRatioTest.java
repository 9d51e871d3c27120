package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Gamma;

/*
 * log e = ln B(k theta + N) - ln B(k theta) - sum N_i ln theta_i (Lindon & Malek 2022). The leading
 * terms of the log-gammas are subtracted analytically; computing them apart would lose nine digits at
 * a million units.
 */
/**
 * Sequential test that units are split in the planned ratio: unlike &chi;&sup2; it may be looked at
 * after every unit. The default mixes the concentrations 10&sup2;, 10&#8308; and 10&#8310;, because
 * a single one loses power when the sample is much larger than it. Immutable.
 *
 * @param logBayesFactor evidence against the plan, ln e
 */
public record SequentialSampleRatioTest(double logBayesFactor) {
  private static final double[] CONCENTRATIONS = {1e2, 1e4, 1e6};

  /**
   * The test with mixed concentrations.
   *
   * @param observed units per arm
   * @param weights planned relative share per arm
   * @return the test; infinite if an arm without weight has units
   */
  public static SequentialSampleRatioTest of(long[] observed, double[] weights) {
    double[] logs = new double[CONCENTRATIONS.length];
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < logs.length; i++) {
      logs[i] = of(observed, weights, CONCENTRATIONS[i]).logBayesFactor();
      highest = Math.max(highest, logs[i]);
    }
    if (highest == Double.POSITIVE_INFINITY) {
      return new SequentialSampleRatioTest(highest);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - highest);
    }
    return new SequentialSampleRatioTest(highest + Math.log(sum / logs.length));
  }

  /**
   * The test with one concentration of the Dirichlet alternative.
   *
   * @param observed units per arm
   * @param weights planned relative share per arm
   * @param concentration larger values look for smaller deviations
   * @return the test; infinite if an arm without weight has units
   */
  public static SequentialSampleRatioTest of(
      long[] observed, double[] weights, double concentration) {
    if (observed.length != weights.length) {
      throw Checks.invalid(
          "sample ratio: got " + observed.length + " counts and " + weights.length + " weights");
    }
    Checks.positive("concentration", concentration);
    double totalWeight = 0;
    double units = 0;
    for (int i = 0; i < weights.length; i++) {
      totalWeight += weights[i];
      units += Checks.atLeast("units in arm " + i, 0, observed[i]);
    }
    Checks.positive("sum of weights", totalWeight);
    double all = concentration + units;
    double log = -remainder(all) + remainder(concentration);
    for (int i = 0; i < weights.length; i++) {
      double theta = weights[i] / totalWeight;
      if (theta == 0) {
        if (observed[i] > 0) {
          return new SequentialSampleRatioTest(Double.POSITIVE_INFINITY);
        }
        continue;
      }
      double prior = concentration * theta;
      double a = prior + observed[i];
      double expected = all * theta;
      log += a * Math.log1p((a - expected) / expected);
      log += remainder(a) - remainder(prior);
    }
    return new SequentialSampleRatioTest(log);
  }

  /**
   * Independent tests, for example of several epochs, as one.
   *
   * @param other another test
   * @return the product of the Bayes factors
   */
  public SequentialSampleRatioTest plus(SequentialSampleRatioTest other) {
    return new SequentialSampleRatioTest(logBayesFactor + other.logBayesFactor);
  }

  /**
   * Always-valid p-value of "the split is as planned" at this look.
   *
   * @return min(1, 1/e)
   */
  public double pValue() {
    return Math.min(1, Math.exp(-logBayesFactor));
  }

  /** ln Gamma(x) without x ln x. */
  private static double remainder(double x) {
    return Gamma.logGammaRemainder(x);
  }
}
