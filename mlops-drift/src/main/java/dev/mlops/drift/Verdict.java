package dev.mlops.drift;

/** What a comparison came to. Ordered by severity. */
public enum Verdict {
  /** No drift worth acting on. */
  STABLE,
  /** Something to look at: a small but certain change, or one the counts cannot decide. */
  WARNING,
  /** The live data differ from the reference, beyond chance and by enough to matter. */
  DRIFT,
  /** Too few live rows to say. */
  INSUFFICIENT_DATA,
  /** The live data lack the feature, or hold another kind of value. */
  NOT_COMPARABLE
}
