package dev.mlops.abtest.internal.math;

/*
 * Upper tail by the power series below 2 and the continued fraction of Mills' ratio above
 * (Abramowitz & Stegun 26.2.11 and 26.2.14). The quantile is Newton on the logarithm of the tail,
 * started from 26.2.23, so it is as accurate as the tail itself.
 */
/** The standard normal distribution. */
public final class Normal {
  private static final double LOG_SQRT_TWO_PI = 0.91893853320467274178;

  private Normal() {}

  public static double density(double z) {
    return Math.exp(-0.5 * z * z - LOG_SQRT_TWO_PI);
  }

  public static double cdf(double z) {
    return sf(-z);
  }

  /** P(Z &gt; z). */
  public static double sf(double z) {
    if (Math.abs(z) < 2) {
      return 0.5 - series(z);
    }
    return z > 0 ? Math.exp(logSf(z)) : 1 - Math.exp(logSf(-z));
  }

  public static double logSf(double z) {
    if (z < 2) {
      return z > -2 ? Math.log(0.5 - series(z)) : Math.log1p(-Math.exp(logSf(-z)));
    }
    return -0.5 * z * z - LOG_SQRT_TWO_PI - Math.log(millsDenominator(z));
  }

  /** 2 P(Z &gt; |z|): never zero for |z| up to 38. */
  public static double twoSided(double z) {
    return Math.min(1, Math.exp(Math.log(2) + logSf(Math.abs(z))));
  }

  public static double quantile(double p) {
    if (p == 0.5) {
      return 0;
    }
    return p < 0.5 ? -upperQuantile(p) : upperQuantile(1 - p);
  }

  /** The z with P(Z &gt; z) = q. */
  public static double upperQuantile(double q) {
    if (q >= 0.5) {
      return q == 0.5 ? 0 : -upperQuantile(1 - q);
    }
    double logQ = Math.log(q);
    double t = Math.sqrt(-2 * logQ);
    double z = t
        - (2.515517 + t * (0.802853 + t * 0.010328))
            / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (int i = 0; i < 50; i++) {
      double log = logSf(z);
      double hazard = Math.exp(-0.5 * z * z - LOG_SQRT_TWO_PI - log);
      double step = (log - logQ) / hazard;
      z += step;
      if (Math.abs(step) <= 1e-16 * Math.max(1, Math.abs(z))) {
        break;
      }
    }
    return z;
  }

  private static double series(double z) {
    double term = z;
    double sum = z;
    double square = z * z;
    for (int n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
      term *= square / n;
      sum += term;
    }
    return sum * density(z);
  }

  private static double millsDenominator(double z) {
    double f = z;
    double c = z;
    double d = 0;
    for (int k = 1; k < 100_000; k++) {
      d = 1 / (z + k * d);
      c = z + k / c;
      double delta = c * d;
      f *= delta;
      if (Math.abs(delta - 1) < 1e-16) {
        break;
      }
    }
    return f;
  }
}
