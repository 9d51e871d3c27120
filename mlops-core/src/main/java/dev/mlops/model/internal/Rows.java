package dev.mlops.model.internal;

import dev.mlops.error.InvalidInputException;

/** Questions about one row that every kernel asks. */
final class Rows {
  private Rows() {}

  /** Tells whether no value is NaN or infinite; four sums, so that the additions overlap. */
  static boolean allFinite(double[] x) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < x.length; i += 4) {
      a += x[i] * 0.0;
      b += x[i + 1] * 0.0;
      c += x[i + 2] * 0.0;
      d += x[i + 3] * 0.0;
    }
    for (; i < x.length; i++) {
      a += x[i] * 0.0;
    }
    return a + b + (c + d) == 0.0;
  }

  /**
   * Counts the absent values.
   *
   * @throws InvalidInputException if nothing is present: there is no answer to that
   */
  static int absent(double[] x) {
    int absent = 0;
    for (double value : x) {
      absent += Double.isNaN(value) ? 1 : 0;
    }
    if (absent == x.length) {
      throw new InvalidInputException(
          "a row needs at least one value, but all " + x.length + " inputs are missing");
    }
    return absent;
  }

  /** Copies the inputs with 0 where one is absent, which is how sparse models read them. */
  static void copyAbsentAsZero(double[] x, double[] into) {
    for (int i = 0; i < x.length; i++) {
      double value = x[i];
      into[i] = Double.isNaN(value) ? 0.0 : value;
    }
  }
}
