package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;

/**
 * Moments of two values per unit: numerator and denominator of a ratio, or an outcome and its
 * covariate. Immutable.
 *
 * @param count units, at least 2
 * @param mean mean of the first value
 * @param variance its sample variance
 * @param otherMean mean of the second value
 * @param otherVariance its sample variance
 * @param covariance sample covariance of the two
 */
public record PairedMoments(
    long count,
    double mean,
    double variance,
    double otherMean,
    double otherVariance,
    double covariance) {
  /** Checks that the numbers are possible. */
  public PairedMoments {
    Checks.atLeast("sample count", 2, count);
    Checks.finite("mean", mean);
    Checks.finite("other mean", otherMean);
    Checks.finite("covariance", covariance);
    if (!(variance >= 0 && otherVariance >= 0)) {
      throw Checks.invalid(
          "variances must be 0 or more, got " + variance + " and " + otherVariance);
    }
  }

  /**
   * Moments of raw values.
   *
   * @param values first value of each unit
   * @param others second value of each unit
   * @return the moments
   */
  public static PairedMoments of(double[] values, double[] others) {
    if (values.length != others.length) {
      throw Checks.invalid("pairs: got " + values.length + " and " + others.length + " values");
    }
    SampleMoments first = SampleMoments.of(values);
    SampleMoments second = SampleMoments.of(others);
    double products = 0;
    for (int i = 0; i < values.length; i++) {
      products += (values[i] - first.mean()) * (others[i] - second.mean());
    }
    return new PairedMoments(
        values.length,
        first.mean(),
        first.variance(),
        second.mean(),
        second.variance(),
        products / (values.length - 1));
  }
}
