package dev.mlops.abtest.internal.math;

/*
 * P(T' <= t) = E[Phi(t S - delta)] with S = sqrt(chi2_df / df): one smooth integral over the density of
 * S, which is concentrated around 1 with standard deviation about 1/sqrt(2 df).
 */
/** The noncentral t distribution, to about 1e-10. */
public final class NoncentralT {
  private NoncentralT() {}

  public static double cdf(double t, double df, double noncentrality) {
    double spread = 12 / Math.sqrt(2 * df);
    double from = Math.max(1e-12, 1 - spread);
    double to = 1 + spread;
    double half = df / 2;
    double constant = Math.log(2) + half * Math.log(half) - Gamma.logGamma(half);
    return Quadrature.integrate(
        s -> {
          double logDensity = constant + (df - 1) * Math.log(s) - half * s * s;
          return Math.exp(logDensity) * Normal.cdf(t * s - noncentrality);
        },
        from,
        to,
        40);
  }

  /** Power of a two-sided t-test. */
  public static double power(double noncentrality, double df, double alpha) {
    double critical = StudentT.upperQuantile(alpha / 2, df);
    return cdf(-critical, df, noncentrality) + 1 - cdf(critical, df, noncentrality);
  }
}
