package dev.mlops.evaluation;

/**
 * The complementary error function for x at least 0: Maclaurin's series of erf below 2, Lentz's
 * continued fraction above (Abramowitz, Stegun 7.1.6 and 7.1.14). Relative error below 1e-13.
 */
final class Erfc {
  private Erfc() {}

  static double of(double x) {
    return x < 2 ? 1 - series(x) : fraction(x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 200; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** exp(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), evaluated from the far end. */
  private static double fraction(double x) {
    double tail = 0;
    for (int n = 200; n >= 1; n--) {
      tail = n / 2.0 / (x + tail);
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + tail);
  }
}
