package dev.mlops.serving;

/** How a row can differ from the signature of a model. */
public enum SignatureProblem {
  /** A value is absent, null or NaN, which in a row of numbers are one and the same. */
  MISSING,
  /** A value has a name that the model does not know. */
  EXTRA,
  /** A text stands where a number belongs, or the other way round. */
  WRONG_TYPE,
  /** A number is infinite or outside the declared range. */
  OUT_OF_RANGE,
  /** A category was not seen in training. */
  UNKNOWN_CATEGORY
}
