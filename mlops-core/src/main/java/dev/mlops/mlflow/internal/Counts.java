package dev.mlops.mlflow.internal;

import dev.mlops.mlflow.MirrorReport;
import java.util.Optional;

/** Counts what one synchronisation did. */
public final class Counts {
  int runs;
  int points;
  int versions;
  int aliases;
  int artifacts;

  public MirrorReport report(Optional<String> failure) {
    return new MirrorReport(runs, points, versions, aliases, artifacts, failure);
  }
}
