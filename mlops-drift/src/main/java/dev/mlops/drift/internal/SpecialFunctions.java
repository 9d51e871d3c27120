package dev.mlops.drift.internal;

/*
 * The few special functions the tests need, to about 1e-14 relative in the ranges used.
 *   log gamma: Stirling's series after shifting the argument to at least 16 (DLMF 5.11.1).
 *   incomplete gamma: power series below a+1, Lentz's continued fraction above (DLMF 8.7.1, 8.9.2).
 */
public final class SpecialFunctions {
  private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;
  private static final double EPS = 1e-16;

  private SpecialFunctions() {}

  /** The error of Stirling's formula: log(n!) - log(sqrt(2 pi n) (n/e)^n), n >= 1. */
  static double stirlingError(double n) {
    if (n < 16) {
      // log gamma(n+1) by upward shift; only a handful of terms ever take this branch.
      double shifted = n;
      double log = 0;
      double product = 1;
      while (shifted < 16) {
        shifted += 1;
        product *= shifted;
      }
      log = logFactorialLarge(shifted) - Math.log(product);
      return log - ((n + 0.5) * Math.log(n) - n + HALF_LOG_TWO_PI);
    }
    return series(n);
  }

  private static double series(double n) {
    double r = 1 / n;
    double r2 = r * r;
    return r
        * (1.0 / 12
            - r2
                * (1.0 / 360
                    - r2
                        * (1.0 / 1260
                            - r2 * (1.0 / 1680 - r2 * (1.0 / 1188 - r2 * 691.0 / 360360)))));
  }

  private static double logFactorialLarge(double n) {
    return (n + 0.5) * Math.log(n) - n + HALF_LOG_TWO_PI + series(n);
  }

  /** log gamma(x) for x > 0. */
  public static double logGamma(double x) {
    double shifted = x;
    double product = 1;
    while (shifted < 16) {
      product *= shifted;
      shifted += 1;
    }
    return logFactorialLarge(shifted) - Math.log(shifted) - Math.log(product);
  }

  /** log(n!). */
  public static double logFactorial(double n) {
    return logGamma(n + 1);
  }

  /** log of the binomial coefficient. */
  public static double logBinomial(double n, double k) {
    return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  }

  /** Q(a, x), the regularised upper incomplete gamma function; a > 0, x >= 0. */
  public static double gammaQ(double a, double x) {
    if (x <= 0) {
      return 1;
    }
    if (x == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double front = Math.exp(a * Math.log(x) - x - logGamma(a));
    if (x < a + 1) {
      double term = 1 / a;
      double sum = term;
      for (int k = 1; k < 100_000 && term > sum * EPS; k++) {
        term *= x / (a + k);
        sum += term;
      }
      return Math.max(0, 1 - front * sum);
    }
    double tiny = 1e-300;
    double b = x + 1 - a;
    double c = 1 / tiny;
    double d = 1 / b;
    double h = d;
    for (int i = 1; i < 100_000; i++) {
      double an = -i * (i - a);
      b += 2;
      d = an * d + b;
      d = Math.abs(d) < tiny ? tiny : d;
      c = b + an / c;
      c = Math.abs(c) < tiny ? tiny : c;
      d = 1 / d;
      double delta = d * c;
      h *= delta;
      if (Math.abs(delta - 1) < EPS * 4) {
        break;
      }
    }
    return front * h;
  }

  /** P(X >= x) of a chi-square variable. */
  public static double chiSquareSurvival(double x, double degreesOfFreedom) {
    return gammaQ(degreesOfFreedom / 2, x / 2);
  }

  /** P(Z >= z) of a standard normal variable. */
  public static double normalSurvival(double z) {
    double q = gammaQ(0.5, z * z / 2) / 2;
    return z >= 0 ? q : 1 - q;
  }
}
