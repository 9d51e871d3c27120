package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;

/**
 * What a test of means needs to know about one sample. Immutable.
 *
 * @param count number of units, at least 1
 * @param mean their mean
 * @param variance their sample variance (divisor n-1); 0 for one unit
 */
public record SampleMoments(long count, double mean, double variance) {
  /** Checks that the numbers are possible. */
  public SampleMoments {
    Checks.atLeast("sample count", 1, count);
    Checks.finite("sample mean", mean);
    if (!(variance >= 0 && variance < Double.POSITIVE_INFINITY)) {
      throw Checks.invalid("sample variance must be 0 or more and finite, got " + variance);
    }
  }

  /**
   * Two-pass moments of raw values.
   *
   * @param values at least one finite value
   * @return the moments
   */
  public static SampleMoments of(double... values) {
    Checks.atLeast("sample count", 1, values.length);
    double sum = 0;
    for (double value : values) {
      sum += Checks.finite("sample value", value);
    }
    double mean = sum / values.length;
    double squares = 0;
    double drift = 0;
    for (double value : values) {
      double d = value - mean;
      squares += d * d;
      drift += d;
    }
    double sumOfSquares = squares - drift * drift / values.length;
    double variance = values.length == 1 ? 0 : Math.max(0, sumOfSquares) / (values.length - 1);
    return new SampleMoments(values.length, mean, variance);
  }

  /**
   * Variance of the mean.
   *
   * @return variance / count
   */
  public double varianceOfMean() {
    return variance / count;
  }
}
