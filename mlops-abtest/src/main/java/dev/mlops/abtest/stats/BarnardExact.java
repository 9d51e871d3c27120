package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Gamma;

/*
 * For every value of the common proportion, the probability of all tables at least as extreme in the
 * pooled z as the observed one; the p-value is the maximum over the proportion, found on a grid and
 * then refined by golden section around the best grid point.
 */
/** Barnard's unconditional exact test (1945) of two small samples, with the pooled z statistic. */
public final class BarnardExact {
  private static final int GRID = 512;
  private static final long LARGEST = 1_000_000;

  private BarnardExact() {}

  /**
   * Two-sided p-value.
   *
   * @param test counts; (control + 1)(treatment + 1) at most 1,000,000
   * @return more than 0, at most 1
   */
  public static double pValue(ProportionTest test) {
    int nc = (int) test.controlCount();
    int nt = (int) test.treatmentCount();
    if ((test.controlCount() + 1) * (test.treatmentCount() + 1) > LARGEST) {
      throw Checks.invalid("Barnard's test is for small samples, got " + test);
    }
    long successes = test.controlSuccesses() + test.treatmentSuccesses();
    if (successes == 0 || successes == nc + nt) {
      return 1;
    }
    boolean[][] extreme = new boolean[nc + 1][nt + 1];
    double observed = Math.abs(z(test.controlSuccesses(), nc, test.treatmentSuccesses(), nt));
    for (int i = 0; i <= nc; i++) {
      for (int j = 0; j <= nt; j++) {
        extreme[i][j] = Math.abs(z(i, nc, j, nt)) >= observed * (1 - 1e-12);
      }
    }
    int best = 1;
    double highest = 0;
    for (int g = 1; g < GRID; g++) {
      double p = probability(extreme, nc, nt, (double) g / GRID);
      if (p > highest) {
        highest = p;
        best = g;
      }
    }
    return Math.min(1, refine(extreme, nc, nt, (best - 1.0) / GRID, (best + 1.0) / GRID));
  }

  private static double refine(boolean[][] extreme, int nc, int nt, double from, double to) {
    double golden = (Math.sqrt(5) - 1) / 2;
    double low = Math.max(from, 1e-12);
    double high = Math.min(to, 1 - 1e-12);
    double highest = 0;
    for (int i = 0; i < 60; i++) {
      double a = high - golden * (high - low);
      double b = low + golden * (high - low);
      double pa = probability(extreme, nc, nt, a);
      double pb = probability(extreme, nc, nt, b);
      highest = Math.max(highest, Math.max(pa, pb));
      if (pa > pb) {
        high = b;
      } else {
        low = a;
      }
    }
    return highest;
  }

  private static double probability(boolean[][] extreme, int nc, int nt, double p) {
    double[] c = binomial(nc, p);
    double[] t = binomial(nt, p);
    double sum = 0;
    for (int i = 0; i <= nc; i++) {
      double row = 0;
      for (int j = 0; j <= nt; j++) {
        row += extreme[i][j] ? t[j] : 0;
      }
      sum += c[i] * row;
    }
    return sum;
  }

  private static double[] binomial(int n, double p) {
    double[] mass = new double[n + 1];
    for (int k = 0; k <= n; k++) {
      double choose =
          k == 0 || k == n ? 0 : -Math.log(n + 1.0) - Gamma.logBeta(n - k + 1.0, k + 1.0);
      mass[k] = Math.exp(choose + k * Math.log(p) + (n - k) * Math.log1p(-p));
    }
    return mass;
  }

  private static double z(long xc, int nc, long xt, int nt) {
    double pooled = (double) (xc + xt) / (nc + nt);
    double variance = pooled * (1 - pooled) * (1.0 / nc + 1.0 / nt);
    return variance > 0 ? ((double) xt / nt - (double) xc / nc) / Math.sqrt(variance) : 0;
  }
}
