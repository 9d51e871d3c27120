package dev.mlops.mlflow.internal;

import dev.mlops.error.ConflictException;
import dev.mlops.error.UnavailableException;
import dev.mlops.mlflow.MirrorReport;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts what one synchronisation did, and keeps what it had to leave out. */
public final class Counts {
  int runs;
  int points;
  int versions;
  int aliases;
  int artifacts;
  private final Map<String, String> skipped = new TreeMap<>();

  public MirrorReport report(Optional<String> failure) {
    return new MirrorReport(runs, points, versions, aliases, artifacts, skipped, failure);
  }

  /**
   * Works on one entry. If that fails because of the entry, others are not kept waiting; a server
   * or store that does not answer, or another mirror at work, concerns them all.
   */
  void attempt(String entry, Runnable work) {
    try {
      work.run();
    } catch (UnavailableException | ConflictException e) {
      throw e;
    } catch (RuntimeException e) {
      skipped.put(entry, text(e));
    }
  }

  /** Says what went wrong. */
  public static String text(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getName() : message;
  }
}
