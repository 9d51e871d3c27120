package dev.mlops.drift.internal;

/*
 * Exact null distribution of the two-sample statistic, for continuous data (with ties it is an upper
 * bound of the conditional p). A sample split is a monotone lattice path from (0,0) to (n,m); with
 * L = lcm(n,m) the event D >= h/L means that the path touches |i L/n - j L/m| >= h.
 *
 *   n = m: reflection, Gnedenko and Korolyuk 1951, nested so that nothing cancels.
 *   else : A(i,j) = P(a uniform path to (i,j) has touched) = i/(i+j) A(i-1,j) + j/(i+j) A(i,j-1),
 *          1 outside the band. Positive terms only; Viehmann, arXiv:2102.08037. O(n m d).
 */
public final class ExactKs {
  private ExactKs() {}

  /** P(D >= h/lcm), h >= 1. */
  public static double twoSided(int n, int m, long h) {
    return n == m ? equalSizes(n, (int) h) : lattice(n, m, h, false);
  }

  /** P(D+ >= h/lcm), h >= 1. */
  public static double oneSided(int n, int m, long h) {
    if (n != m) {
      return lattice(n, m, h, true);
    }
    double p = 1;
    for (int j = 0; j < h; j++) {
      p *= (n - j) / (n + j + 1.0);
    }
    return p;
  }

  private static double equalSizes(int n, int h) {
    double p = 0;
    for (int k = n / h; k >= 0; k--) {
      double term = 1;
      for (int j = 0; j < h; j++) {
        term *= (n - (double) k * h - j) / (n + (double) k * h + j + 1);
      }
      p = term * (1 - p);
    }
    return Math.min(1, 2 * p);
  }

  private static double lattice(int n1, int n2, long h, boolean oneSided) {
    // The longer sample runs along i, so that the band and the array stay short.
    int m = Math.max(n1, n2);
    int n = Math.min(n1, n2);
    long g = gcd(m, n);
    long mg = m / g;
    long ng = n / g;
    double[] a = new double[n + 1];
    java.util.Arrays.fill(a, 1);
    int from = 0;
    int to = upper(0, h, ng, mg, n, oneSided);
    for (int j = from; j < to; j++) {
      a[j] = 0;
    }
    for (int i = 1; i <= m; i++) {
      from = (int) Math.min(n, Math.max(0, Math.floorDiv(ng * i - h, mg) + 1));
      to = upper(i, h, ng, mg, n, oneSided);
      if (to <= from) {
        return 1;
      }
      double left = from == 0 ? 0 : 1;
      for (int j = from; j < to; j++) {
        left = (a[j] * i + left * j) / (i + j);
        a[j] = left;
      }
    }
    return Math.min(1, a[n]);
  }

  private static int upper(long i, long h, long ng, long mg, int n, boolean oneSided) {
    return oneSided ? n + 1 : (int) Math.min(n + 1L, -Math.floorDiv(-(ng * i + h), mg));
  }

  public static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
