package dev.mlops.telemetry.scaling;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.time.Duration;
import java.util.List;

/**
 * How one direction of scaling is damped: {@code HPAScalingRules} of autoscaling/v2. Immutable.
 *
 * @param stabilizationWindow for how long the most cautious past recommendation wins, up to 1 h
 * @param select which limit wins where several apply
 * @param limits at least one unless {@code select} is {@link Select#DISABLED}, copied
 * @param tolerance how far the load may be off target, as a share, before anything happens; the
 *     controller's default is 0.1
 */
public record ScalingRules(
    Duration stabilizationWindow, Select select, List<ScalingLimit> limits, double tolerance) {

  /** The controller's default tolerance. */
  public static final double DEFAULT_TOLERANCE = 0.1;

  /** Which of several limits applies. */
  public enum Select {
    /** The one that allows the largest change. */
    MAX,
    /** The one that allows the smallest change. */
    MIN,
    /** None: this direction is switched off. */
    DISABLED
  }

  /** Creates rules. */
  public ScalingRules {
    requireNonNull(stabilizationWindow, "stabilizationWindow");
    requireNonNull(select, "select");
    limits = List.copyOf(limits);
    if (stabilizationWindow.isNegative()
        || stabilizationWindow.compareTo(Duration.ofHours(1)) > 0) {
      throw new InvalidInputException(
          "stabilizationWindow must be between PT0S and PT1H, got " + stabilizationWindow);
    }
    if (limits.isEmpty() && select != Select.DISABLED) {
      throw new InvalidInputException("scaling rules need at least one limit, got none");
    }
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new InvalidInputException("tolerance must be in [0, 1), got " + tolerance);
    }
  }

  /**
   * Creates rules with the default tolerance.
   *
   * @param stabilizationWindow for how long the most cautious past recommendation wins
   * @param select which limit wins
   * @param limits the limits
   * @return the rules
   */
  public static ScalingRules of(
      Duration stabilizationWindow, Select select, ScalingLimit... limits) {
    return new ScalingRules(stabilizationWindow, select, List.of(limits), DEFAULT_TOLERANCE);
  }

  /**
   * Returns rules that never move.
   *
   * @return rules for a direction that is switched off
   */
  public static ScalingRules disabled() {
    return of(Duration.ZERO, Select.DISABLED);
  }
}
