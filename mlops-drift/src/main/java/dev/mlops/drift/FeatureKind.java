package dev.mlops.drift;

/** What the values of a feature are. */
public enum FeatureKind {
  /** Numbers in order; {@code NaN} is a missing value. */
  NUMERIC,
  /** Texts without order; {@code null} is a missing value. */
  CATEGORICAL
}
