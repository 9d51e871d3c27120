package dev.mlops.abtest;

import java.util.Objects;

/**
 * Why no statistic is offered. Immutable.
 *
 * @param reason the kind
 * @param message names the arm or metric, the rule and the value
 */
public record Refusal(Reason reason, String message) {
  /** What stands in the way. */
  public enum Reason {
    /** The units are not split as planned: whatever caused it may also cause the difference. */
    SAMPLE_RATIO_MISMATCH,
    /** Units were seen in more than one variant. */
    MULTIPLE_EXPOSURES,
    /** An arm has no unit or only one. */
    TOO_FEW_UNITS,
    /** No unit differs from another. */
    ZERO_VARIANCE,
    /** A ratio's mean denominator is 0. */
    ZERO_DENOMINATOR,
    /** An outcome is NaN or infinite. */
    NOT_A_NUMBER,
    /** The plan's next look is not due yet. */
    PLANNED_UNITS_NOT_REACHED,
    /** The plan's looks are all spent. */
    LOOKS_USED_UP,
    /** A guardrail is neither shown to hold nor shown to be broken. */
    OPEN_GUARDRAIL,
    /** The evidence does not yet separate the variants. */
    UNDECIDED
  }

  /** Checks that both are there. */
  public Refusal {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(message, "message");
  }

  @Override
  public String toString() {
    return reason + ": " + message;
  }
}
