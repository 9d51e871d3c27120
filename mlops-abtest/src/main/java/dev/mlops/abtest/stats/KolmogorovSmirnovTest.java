package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.KolmogorovDistribution;
import java.util.Arrays;

/**
 * Two-sample Kolmogorov-Smirnov test: whether two samples of an outcome have the same distribution.
 * Immutable.
 *
 * @param statistic the largest distance of the empirical distribution functions
 * @param controlCount units
 * @param treatmentCount units
 */
public record KolmogorovSmirnovTest(double statistic, int controlCount, int treatmentCount) {
  /**
   * The test of raw values.
   *
   * @param control finite values, at least one
   * @param treatment finite values, at least one
   * @return the test
   */
  public static KolmogorovSmirnovTest of(double[] control, double[] treatment) {
    double[] c = sorted("control", control);
    double[] t = sorted("treatment", treatment);
    double largest = 0;
    int i = 0;
    int j = 0;
    while (i < c.length && j < t.length) {
      double v = Math.min(c[i], t[j]);
      while (i < c.length && c[i] <= v) {
        i++;
      }
      while (j < t.length && t[j] <= v) {
        j++;
      }
      largest = Math.max(largest, Math.abs((double) i / c.length - (double) j / t.length));
    }
    return new KolmogorovSmirnovTest(largest, c.length, t.length);
  }

  /**
   * Exact two-sided p-value without ties, by counting lattice paths (Hodges 1957).
   *
   * @return more than 0, at most 1
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if there are more than 10^8 pairs
   */
  public double exactPValue() {
    if ((long) controlCount * treatmentCount > 100_000_000L) {
      throw Checks.invalid("the exact Kolmogorov-Smirnov test is for up to 10^8 pairs, got "
          + controlCount
          + " x "
          + treatmentCount);
    }
    return KolmogorovDistribution.twoSampleTail(statistic, controlCount, treatmentCount);
  }

  /**
   * Approximate two-sided p-value: the one-sample distribution at nm/(n+m) units.
   *
   * @return from 0 to 1
   */
  public double pValue() {
    double units = (double) controlCount * treatmentCount / (controlCount + treatmentCount);
    return KolmogorovDistribution.oneSampleTail(statistic, (long) Math.rint(units));
  }

  private static double[] sorted(String arm, double[] values) {
    Checks.atLeast("units in " + arm, 1, values.length);
    double[] copy = values.clone();
    for (double v : copy) {
      Checks.finite("value in " + arm, v);
    }
    Arrays.sort(copy);
    return copy;
  }
}
