package dev.mlops.evaluation;

/**
 * A confidence interval. Immutable.
 *
 * @param low the lower bound
 * @param high the upper bound; both are {@code NaN} where the measure is not defined
 */
public record Interval(double low, double high) {

  /**
   * Tells whether a value lies inside, bounds included.
   *
   * @param value any number
   * @return false for {@code NaN}
   */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
