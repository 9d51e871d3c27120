package dev.mlops.abtest;

import java.util.List;
import java.util.Optional;

/**
 * Whether the data may be judged at all. Immutable.
 *
 * @param arms units per variant against the plan, the control first
 * @param sampleRatioPValue p-value of "the units are split as planned"
 * @param sequentialSampleRatioPValue the same by a test that may be looked at any time
 * @param multipleExposures units seen in more than one variant
 * @param refusal why the data may not be judged, if so
 */
public record Health(
    List<Arm> arms,
    double sampleRatioPValue,
    double sequentialSampleRatioPValue,
    long multipleExposures,
    Optional<Refusal> refusal) {
  /**
   * One variant's traffic.
   *
   * @param variant its key
   * @param units units exposed
   * @param expected units the weights promise
   */
  public record Arm(String variant, long units, double expected) {}

  /** Copies the list. */
  public Health {
    arms = List.copyOf(arms);
  }

  /**
   * Units over all variants.
   *
   * @return 0 or more
   */
  public long units() {
    return arms.stream().mapToLong(Arm::units).sum();
  }
}
