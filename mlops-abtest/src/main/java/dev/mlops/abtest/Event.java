package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import java.time.Instant;
import java.util.Objects;

/** Something that happened to a unit. Immutable. */
public sealed interface Event {
  /**
   * Tells copies of one event from two events: an event that arrives twice counts once.
   *
   * @return unique over all processes
   */
  String id();

  /**
   * When it happened, to the millisecond.
   *
   * @return the instant
   */
  Instant at();

  /**
   * The randomised unit.
   *
   * @return its id
   */
  String unitId();

  /**
   * A unit saw its variant.
   *
   * @param id unique over all processes
   * @param at when
   * @param unitId the randomised unit
   * @param experiment the experiment's key
   * @param epoch the experiment's epoch at the time
   * @param variant the variant it saw
   * @param analysed false for overrides, which the analysis leaves out
   */
  record Exposure(
      String id,
      Instant at,
      String unitId,
      String experiment,
      int epoch,
      String variant,
      boolean analysed)
      implements Event {
    /** Checks the parts. */
    public Exposure {
      check(id, at, unitId);
      Objects.requireNonNull(experiment, "experiment");
      Objects.requireNonNull(variant, "variant");
      Checks.atLeast("epoch", 1, epoch);
    }
  }

  /**
   * A unit did something that is measured. It belongs to no experiment: every experiment the unit
   * is in may use it.
   *
   * @param id unique over all processes
   * @param at when
   * @param unitId the randomised unit
   * @param name the outcome's name
   * @param value any number; NaN and infinity are kept and make the analysis refuse
   */
  record Outcome(String id, Instant at, String unitId, String name, double value) implements Event {
    /** Checks the parts. */
    public Outcome {
      check(id, at, unitId);
      Objects.requireNonNull(name, "name");
    }
  }

  private static void check(String id, Instant at, String unitId) {
    if (id.isEmpty() || unitId.isEmpty()) {
      throw Checks.invalid("an event needs an id and a unit id");
    }
    Objects.requireNonNull(at, "at");
  }
}
