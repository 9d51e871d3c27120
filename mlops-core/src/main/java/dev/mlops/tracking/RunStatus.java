package dev.mlops.tracking;

/** How a run stands. */
public enum RunStatus {
  /** Not closed yet, or its process died. */
  RUNNING,
  /** Closed after {@link Run#finish()}. */
  FINISHED,
  /** Closed without {@link Run#finish()}, or by {@link Run#fail}. */
  FAILED
}
