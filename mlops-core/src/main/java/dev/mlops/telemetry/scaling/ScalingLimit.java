package dev.mlops.telemetry.scaling;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.time.Duration;

/**
 * How far replicas may move within a period: an {@code HPAScalingPolicy} of autoscaling/v2.
 * Immutable.
 *
 * @param kind whether {@code value} counts pods or percent of the replicas at the period's start
 * @param value how many, at least 1
 * @param period over which the change counts, 1 s to 30 min
 */
public record ScalingLimit(Kind kind, int value, Duration period) {

  /** What a limit is measured in. */
  public enum Kind {
    /** Whole replicas. */
    PODS,
    /** Percent of the replicas that ran when the period began. */
    PERCENT
  }

  /** Creates a limit. */
  public ScalingLimit {
    requireNonNull(kind, "kind");
    requireNonNull(period, "period");
    if (value < 1) {
      throw new InvalidInputException("a scaling limit's value must be >= 1, got " + value);
    }
    if (period.compareTo(Duration.ofSeconds(1)) < 0
        || period.compareTo(Duration.ofMinutes(30)) > 0) {
      throw new InvalidInputException(
          "a scaling limit's period must be between PT1S and PT30M, got " + period);
    }
  }

  /**
   * Limits the change to a number of replicas.
   *
   * @param count replicas per period, at least 1
   * @param period the period
   * @return the limit
   */
  public static ScalingLimit pods(int count, Duration period) {
    return new ScalingLimit(Kind.PODS, count, period);
  }

  /**
   * Limits the change to a share of the replicas.
   *
   * @param percent percent per period, at least 1; may exceed 100 for growing
   * @param period the period
   * @return the limit
   */
  public static ScalingLimit percent(int percent, Duration period) {
    return new ScalingLimit(Kind.PERCENT, percent, period);
  }

  // Growing rounds up and shrinking cuts off, in floating point, as the controller does.
  int highestFrom(int start) {
    return kind == Kind.PODS ? start + value : (int) Math.ceil(start * (1 + value / 100.0));
  }

  int lowestFrom(int start) {
    return kind == Kind.PODS ? start - value : (int) (start * (1 - value / 100.0));
  }
}
