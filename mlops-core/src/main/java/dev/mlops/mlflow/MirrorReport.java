package dev.mlops.mlflow;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one synchronisation did. Immutable.
 *
 * @param runs runs created or brought up to date
 * @param points metric points sent
 * @param versions versions created
 * @param aliases aliases set or removed
 * @param artifacts files sent
 * @param skipped why a run, a version or something else is not mirrored, by its name; tried again
 *     by the next synchronisation
 * @param failure why it stopped early, if it did; the next synchronisation goes on from there
 */
public record MirrorReport(
    int runs,
    int points,
    int versions,
    int aliases,
    int artifacts,
    Map<String, String> skipped,
    Optional<String> failure) {
  /** Creates a report; the map is copied. */
  public MirrorReport {
    skipped = Collections.unmodifiableMap(new TreeMap<>(skipped));
    requireNonNull(failure, "failure");
  }

  /**
   * Tells whether the mirror shows everything.
   *
   * @return true if nothing failed and nothing was skipped
   */
  public boolean complete() {
    return failure.isEmpty() && skipped.isEmpty();
  }
}
