package dev.mlops.mlflow;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What one synchronisation did. Immutable.
 *
 * @param runs runs created or brought up to date
 * @param points metric points sent
 * @param versions versions created
 * @param aliases aliases set or removed
 * @param artifacts files sent
 * @param failure why it stopped early, if it did; the next synchronisation goes on from there
 */
public record MirrorReport(
    int runs, int points, int versions, int aliases, int artifacts, Optional<String> failure) {
  /** Creates a report. */
  public MirrorReport {
    requireNonNull(failure, "failure");
  }

  /**
   * Tells whether the mirror shows everything.
   *
   * @return true if nothing failed
   */
  public boolean complete() {
    return failure.isEmpty();
  }
}
