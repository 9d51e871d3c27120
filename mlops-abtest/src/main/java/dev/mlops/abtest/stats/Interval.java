package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;

/**
 * A closed interval; a bound may be infinite. Immutable.
 *
 * @param low the lower bound
 * @param high the upper bound, not below {@code low}
 */
public record Interval(double low, double high) {
  /** Refuses a reversed interval and NaN. */
  public Interval {
    if (!(low <= high)) {
      throw Checks.invalid("interval: low must be <= high, got " + low + " and " + high);
    }
  }

  /**
   * The interval that reaches equally far to both sides.
   *
   * @param centre the middle
   * @param halfWidth not negative
   * @return the interval
   */
  public static Interval around(double centre, double halfWidth) {
    return new Interval(centre - halfWidth, centre + halfWidth);
  }

  /**
   * Whether a value lies inside or on a bound.
   *
   * @param value the value
   * @return true if it does
   */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /**
   * Distance between the bounds.
   *
   * @return 0 or more, possibly infinite
   */
  public double width() {
    return high - low;
  }
}
