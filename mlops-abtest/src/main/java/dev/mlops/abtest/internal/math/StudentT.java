package dev.mlops.abtest.internal.math;

/** Student's t distribution for any positive, not necessarily whole, degrees of freedom. */
public final class StudentT {
  private StudentT() {}

  /** ln P(T &gt; t). */
  public static double logSf(double t, double df) {
    if (t < 0) {
      return Math.log1p(-Math.exp(logSf(-t, df)));
    }
    if (t == 0) {
      return Math.log(0.5);
    }
    double ratio = t * t / df;
    double x = 1 / (1 + ratio);
    double logX = -Math.log1p(ratio);
    double logY = -Math.log1p(1 / ratio);
    return Math.log(0.5) + Beta.logRegularized(df / 2, 0.5, x, logX, logY);
  }

  public static double sf(double t, double df) {
    return Math.exp(logSf(t, df));
  }

  public static double cdf(double t, double df) {
    return sf(-t, df);
  }

  /** 2 P(T &gt; |t|), computed in the tail so that it never rounds to zero. */
  public static double twoSided(double t, double df) {
    return Math.min(1, Math.exp(Math.log(2) + logSf(Math.abs(t), df)));
  }

  public static double logDensity(double t, double df) {
    return -0.5 * (df + 1) * Math.log1p(t * t / df)
        - 0.5 * Math.log(df)
        - Gamma.logBeta(df / 2, 0.5);
  }

  public static double quantile(double p, double df) {
    if (p == 0.5) {
      return 0;
    }
    return p < 0.5 ? -upperQuantile(p, df) : upperQuantile(1 - p, df);
  }

  /** The t with P(T &gt; t) = q: Newton on the logarithm of the tail inside a bracket. */
  public static double upperQuantile(double q, double df) {
    if (q >= 0.5) {
      return q == 0.5 ? 0 : -upperQuantile(1 - q, df);
    }
    double logQ = Math.log(q);
    double low = 0;
    double high = Math.max(1, Normal.upperQuantile(q));
    while (logSf(high, df) > logQ) {
      low = high;
      high *= 2;
    }
    double t = low > 0 ? low : high;
    for (int i = 0; i < 200; i++) {
      double log = logSf(t, df);
      if (log > logQ) {
        low = t;
      } else {
        high = t;
      }
      double next = t + (log - logQ) / Math.exp(logDensity(t, df) - log);
      if (!(next > low && next < high)) {
        next = 0.5 * (low + high);
      }
      if (Math.abs(next - t) <= 1e-15 * Math.abs(next)) {
        return next;
      }
      t = next;
    }
    return t;
  }
}
