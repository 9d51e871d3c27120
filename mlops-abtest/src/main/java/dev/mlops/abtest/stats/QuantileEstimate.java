package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Normal;
import java.util.Arrays;

/**
 * A sample quantile with the order statistics that bracket it: with se = &radic;(&nu;(1-&nu;)/n)
 * the ranks are n(&nu; &plusmn; z se), rounded outwards. The spread between them gives the variance
 * without a density estimate (Deng, Knoblich and Lu 2018). Immutable.
 *
 * @param count units, at least 2
 * @param value the quantile
 * @param low the lower bracketing order statistic
 * @param high the upper one
 * @param alpha one minus the level the bracket was made for
 */
public record QuantileEstimate(long count, double value, double low, double high, double alpha) {
  /** Checks the order. */
  public QuantileEstimate {
    Checks.atLeast("sample count", 2, count);
    Checks.probability("alpha", alpha);
    if (!(low <= value && value <= high)) {
      throw Checks.invalid(
          "quantile: must have low <= value <= high, got " + low + ", " + value + ", " + high);
    }
  }

  /**
   * The estimate from raw values.
   *
   * @param values finite, in any order
   * @param quantile between 0 and 1
   * @param alpha one minus the level of the bracket
   * @return the estimate
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if the sample is too small for the
   *     bracket to lie inside it
   */
  public static QuantileEstimate of(double[] values, double quantile, double alpha) {
    double[] sorted = values.clone();
    for (double v : sorted) {
      Checks.finite("sample value", v);
    }
    Arrays.sort(sorted);
    Ranks ranks = Ranks.of(sorted.length, quantile, alpha);
    return new QuantileEstimate(
        sorted.length,
        sorted[(int) ranks.middle() - 1],
        sorted[(int) ranks.low() - 1],
        sorted[(int) ranks.high() - 1],
        alpha);
  }

  /**
   * The ranks, counted from 1, of the quantile and its bracket.
   *
   * @param low rank of the lower order statistic
   * @param middle rank of the quantile
   * @param high rank of the upper order statistic
   */
  public record Ranks(long low, long middle, long high) {
    /**
     * Computes the ranks.
     *
     * @param count units
     * @param quantile between 0 and 1
     * @param alpha one minus the level of the bracket
     * @return the ranks, all inside the sample
     */
    public static Ranks of(long count, double quantile, double alpha) {
      Checks.probability("quantile", quantile);
      double z = Normal.upperQuantile(Checks.probability("alpha", alpha) / 2);
      double reach = z * Math.sqrt(quantile * (1 - quantile) / count);
      long low = (long) Math.floor(count * (quantile - reach));
      long high = (long) Math.ceil(count * (quantile + reach));
      if (low < 1 || high > count) {
        throw Checks.invalid(
            "quantile %s: %d units are too few for an interval; ranks would be %d to %d"
                .formatted(quantile, count, low, high));
      }
      return new Ranks(low, (long) Math.ceil(count * quantile - 1e-9), high);
    }
  }

  /**
   * Variance of one unit's contribution: (n-1) ((high - low) / 2z)&sup2;.
   *
   * @return divide by the count for the quantile's variance
   */
  public double unitVariance() {
    double sd = (high - low) / (2 * Normal.upperQuantile(alpha / 2));
    return (count - 1) * sd * sd;
  }

  /**
   * Tests the difference of two quantiles.
   *
   * @param control the control's estimate
   * @param treatment the treatment's estimate
   * @return Welch's test
   */
  public static WelchTest difference(QuantileEstimate control, QuantileEstimate treatment) {
    return WelchTest.of(control.moments(), treatment.moments());
  }

  private SampleMoments moments() {
    return new SampleMoments(count, value, unitVariance());
  }
}
