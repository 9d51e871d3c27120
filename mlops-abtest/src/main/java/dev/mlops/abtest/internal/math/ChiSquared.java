package dev.mlops.abtest.internal.math;

/** The chi-squared distribution. */
public final class ChiSquared {
  private ChiSquared() {}

  /** P(X &gt; x). One degree of freedom goes through the normal tail, which keeps its precision. */
  public static double sf(double x, double df) {
    if (x <= 0) {
      return 1;
    }
    return df == 1 ? Normal.twoSided(Math.sqrt(x)) : Gamma.upper(df / 2, x / 2);
  }
}
