package dev.mlops.drift;

/**
 * A test statistic with its p-value. Immutable.
 *
 * @param statistic the statistic
 * @param pValue probability of at least this statistic without drift, above 0 and at most 1
 */
public record TestResult(double statistic, double pValue) {
  /** Creates a result; p is never 0. */
  public TestResult {
    pValue = Math.max(Double.MIN_VALUE, Math.min(1, pValue));
    if (Double.isNaN(statistic)) {
      throw DriftException.invalidInput("a statistic must be a number, got NaN");
    }
  }
}
