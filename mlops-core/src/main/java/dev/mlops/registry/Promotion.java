package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import dev.mlops.model.ModelRef;
import java.util.Optional;

/**
 * The outcome of asking for an alias. Immutable.
 *
 * @param decision what happened
 * @param candidate the version that was asked for
 * @param alias the alias
 * @param previous the version that had the alias before, if any
 * @param result what the gate found
 * @param seq the event that records it; for {@link Decision#UNCHANGED} the last event before
 */
public record Promotion(
    Decision decision,
    ModelRef.Version candidate,
    String alias,
    Optional<Integer> previous,
    GateResult result,
    long seq) {
  /** What happened to the alias. */
  public enum Decision {
    /** The alias points at the candidate now. */
    PROMOTED,
    /** The gate rejected; the alias did not move. */
    REJECTED,
    /** The candidate had the alias already. */
    UNCHANGED,
    /** The alias points at the version it had before. */
    ROLLED_BACK
  }

  /** Creates an outcome. */
  public Promotion {
    requireNonNull(decision, "decision");
    requireNonNull(candidate, "candidate");
    requireNonNull(alias, "alias");
    requireNonNull(previous, "previous");
    requireNonNull(result, "result");
  }

  /**
   * Tells whether the candidate has the alias now.
   *
   * @return false only for {@link Decision#REJECTED}
   */
  public boolean accepted() {
    return decision != Decision.REJECTED;
  }

  @Override
  public String toString() {
    return decision + " " + candidate + " as " + alias
        + previous.map(number -> " (was version " + number + ")").orElse("") + ": "
        + result.explanation();
  }
}
