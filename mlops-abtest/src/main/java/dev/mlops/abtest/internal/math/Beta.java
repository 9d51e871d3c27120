package dev.mlops.abtest.internal.math;

/*
 * Regularised incomplete beta by the continued fraction of Didonato & Morris (modified Lentz). The
 * caller passes x and y = 1 - x as logarithms, so that neither tail is lost to cancellation.
 */
/** The incomplete beta function. */
public final class Beta {
  private static final int MAX_ITERATIONS = 1_000_000;

  private Beta() {}

  /** I_x(a, b). */
  public static double regularized(double a, double b, double x) {
    if (x <= 0) {
      return 0;
    }
    if (x >= 1) {
      return 1;
    }
    return Math.exp(logRegularized(a, b, x, Math.log(x), Math.log1p(-x)));
  }

  /** ln I_x(a, b) given x, ln x and ln(1 - x), accurate when the value is tiny. */
  public static double logRegularized(double a, double b, double x, double logX, double logY) {
    if (x < (a + 1) / (a + b + 2)) {
      return a * logX + b * logY - Gamma.logBeta(a, b) - Math.log(a) + Math.log(fraction(a, b, x));
    }
    double y = Math.exp(logY);
    double logOther =
        b * logY + a * logX - Gamma.logBeta(a, b) - Math.log(b) + Math.log(fraction(b, a, y));
    return Math.log1p(-Math.exp(logOther));
  }

  private static double fraction(double a, double b, double x) {
    double c = 1;
    double d = 1 / Gamma.nonZero(1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m < MAX_ITERATIONS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / Gamma.nonZero(1 + even * d);
      c = Gamma.nonZero(1 + even / c);
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / Gamma.nonZero(1 + odd * d);
      c = Gamma.nonZero(1 + odd / c);
      double delta = d * c;
      h *= delta;
      if (Math.abs(delta - 1) < 1e-16) {
        return h;
      }
    }
    throw new ArithmeticException("incomplete beta did not converge: " + a + ", " + b + ", " + x);
  }
}
