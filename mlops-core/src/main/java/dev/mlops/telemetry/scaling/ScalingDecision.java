package dev.mlops.telemetry.scaling;

import java.time.Instant;

/**
 * One round of the advisor, step by step. Immutable.
 *
 * @param at when it was decided
 * @param current how many replicas ran
 * @param desired how many the load alone asks for
 * @param stabilized what is left of that after the stabilisation windows
 * @param replicas how many should run from now on
 * @param reason what bounded the answer
 */
public record ScalingDecision(
    Instant at, int current, int desired, int stabilized, int replicas, Reason reason) {

  /** What bounded the answer; the first five are the controller's own names. */
  public enum Reason {
    /** Nothing did. */
    DESIRED_WITHIN_RANGE,
    /** A limit of {@code scaleUp}. */
    SCALE_UP_LIMIT,
    /** A limit of {@code scaleDown}. */
    SCALE_DOWN_LIMIT,
    /** {@code minReplicas}. */
    TOO_FEW_REPLICAS,
    /** {@code maxReplicas}. */
    TOO_MANY_REPLICAS,
    /** No replica reported a load: nothing changes. */
    NO_METRICS,
    /** Zero replicas run: somebody switched scaling off, nothing changes. */
    SCALING_DISABLED
  }
}
