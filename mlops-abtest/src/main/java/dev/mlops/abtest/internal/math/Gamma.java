package dev.mlops.abtest.internal.math;

/*
 * Log-gamma by Stirling's series (Abramowitz & Stegun 6.1.41) after shifting the argument to at least
 * 10, where the truncated series is below one unit in the last place. logBeta subtracts the leading
 * terms analytically, so that a = 1e5, b = 0.5 keeps full relative precision.
 */
/** Gamma and incomplete gamma functions. */
public final class Gamma {
  private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;
  private static final int MAX_ITERATIONS = 1_000_000;

  private Gamma() {}

  public static double logGamma(double x) {
    double shift = 0;
    double z = x;
    if (z < 10) {
      double product = 1;
      while (z < 10) {
        product *= z;
        z += 1;
      }
      shift = Math.log(product);
    }
    return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + stirling(z) - shift;
  }

  /** ln Gamma(x) - (x ln x - x): what is left once the leading terms are subtracted by hand. */
  public static double logGammaRemainder(double x) {
    return x >= 10
        ? -0.5 * Math.log(x) + HALF_LOG_TWO_PI + stirling(x)
        : logGamma(x) - x * Math.log(x) + x;
  }

  public static double logBeta(double a, double b) {
    double small = Math.min(a, b);
    double large = Math.max(a, b);
    if (large < 10) {
      return logGamma(small) + logGamma(large) - logGamma(small + large);
    }
    double sum = small + large;
    if (small < 10) {
      double difference = -(large - 0.5) * Math.log1p(small / large)
          - small * Math.log(sum)
          + small
          + stirling(large)
          - stirling(sum);
      return logGamma(small) + difference;
    }
    double correction = stirling(small) + stirling(large) - stirling(sum);
    return HALF_LOG_TWO_PI
        - 0.5 * Math.log(large)
        + correction
        + (small - 0.5) * Math.log(small / sum)
        - large * Math.log1p(small / large);
  }

  /** Regularised upper incomplete gamma Q(a, x), accurate in its small tail. */
  public static double upper(double a, double x) {
    if (x <= 0) {
      return 1;
    }
    double logPrefactor = a * Math.log(x) - x - logGamma(a);
    if (x < a + 1) {
      return 1 - Math.exp(logPrefactor) * series(a, x);
    }
    return Math.exp(logPrefactor + Math.log(continuedFraction(a, x)));
  }

  private static double stirling(double x) {
    double r = 1 / (x * x);
    double s = 1.0 / 156;
    s = s * r - 691.0 / 360360;
    s = s * r + 1.0 / 1188;
    s = s * r - 1.0 / 1680;
    s = s * r + 1.0 / 1260;
    s = s * r - 1.0 / 360;
    s = s * r + 1.0 / 12;
    return s / x;
  }

  private static double series(double a, double x) {
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n < MAX_ITERATIONS; n++) {
      term *= x / (a + n);
      sum += term;
      if (term < sum * 1e-17) {
        return sum;
      }
    }
    throw new ArithmeticException("incomplete gamma series did not converge: a=" + a + ", x=" + x);
  }

  private static double continuedFraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1e300;
    double d = 1 / b;
    double h = d;
    for (int i = 1; i < MAX_ITERATIONS; i++) {
      double an = -i * (i - a);
      b += 2;
      d = 1 / nonZero(an * d + b);
      c = nonZero(b + an / c);
      double delta = d * c;
      h *= delta;
      if (Math.abs(delta - 1) < 1e-16) {
        return h;
      }
    }
    throw new ArithmeticException("incomplete gamma fraction did not converge: " + a + ", " + x);
  }

  static double nonZero(double v) {
    return Math.abs(v) < 1e-300 ? 1e-300 : v;
  }
}
