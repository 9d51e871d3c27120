package dev.mlops.serving;

/** What to do about a row that differs from the signature. */
public enum SignatureAction {
  /** Throw a {@link SignatureException}; the model is not asked. */
  REJECT,
  /**
   * Pass the value on as it is, count it, and log the feature's name once; never an extra one's.
   */
  WARN,
  /** Pass the value on as it is and count it. */
  IGNORE,
  /**
   * Put the feature's default in its place, or a missing value if it has none. What is decided for
   * {@link SignatureProblem#MISSING} then holds for that.
   */
  IMPUTE
}
