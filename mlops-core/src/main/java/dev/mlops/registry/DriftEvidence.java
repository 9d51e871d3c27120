package dev.mlops.registry;

import java.time.Instant;
import java.util.List;

/** Answers for a gate whether live data drifted. Safe for use by several threads. */
@FunctionalInterface
public interface DriftEvidence {
  /**
   * Lists what drifted.
   *
   * @param version the candidate
   * @param since the start of the time looked at
   * @return one finding per feature or score that drifted; empty if none did
   */
  List<String> findings(ModelVersion version, Instant since);

  /**
   * Tells whether enough was measured for an empty list to mean that nothing drifted. Where it was
   * not, the gate cannot be judged, so it rejects.
   *
   * @param version the candidate
   * @param since the start of the time looked at
   * @return true, unless overridden
   */
  default boolean measured(ModelVersion version, Instant since) {
    return true;
  }
}
