package dev.mlops.drift.internal;

/*
 * Quadratic EDF statistics of two samples given as counts over ordered values (ties are counts above
 * one). With u_j = H_j / N the pooled distribution function and w_j a weight,
 *
 *   T = nm/N sum_j w_j (F_j - G_j)^2      w_j = h_j/N                Cramer-von Mises
 *                                         w_j = h_j/N / u_j(1-u_j)   Anderson-Darling
 *
 * Given the pooled values, E T = N/(N-1) sum w_j u_j (1-u_j) exactly; variance and third cumulant are
 * those of the Brownian bridge at the points u_j. With few distinct values p comes from the scaled
 * chi-square that has these three cumulants (Hall 1983, Buckley and Eagleson 1988; exact for two
 * values); otherwise T is moved to the mean and variance of the continuous limit law, whose tail is
 * known. So ties neither inflate nor deflate p, and a constant gives T = 0, p = 1.
 */
public final class OrderedTable {
  private static final int FEW = 64;

  private final double statistic;
  private final double pValue;

  private OrderedTable(double statistic, double pValue) {
    this.statistic = statistic;
    this.pValue = Math.max(Double.MIN_VALUE, Math.min(1, pValue));
  }

  public double statistic() {
    return statistic;
  }

  public double pValue() {
    return pValue;
  }

  public static OrderedTable cramerVonMises(long[] x, long[] y) {
    return of(x, y, false);
  }

  public static OrderedTable andersonDarling(long[] x, long[] y) {
    return of(x, y, true);
  }

  private static OrderedTable of(long[] x, long[] y, boolean weighted) {
    int size = x.length;
    double n = 0;
    double m = 0;
    int distinct = 0;
    for (int i = 0; i < size; i++) {
      n += x[i];
      m += y[i];
      distinct += x[i] + y[i] > 0 ? 1 : 0;
    }
    double all = n + m;
    double[] w = new double[distinct];
    double[] u = new double[distinct];
    double t = 0;
    double f = 0;
    double g = 0;
    int k = 0;
    for (int i = 0; i < size; i++) {
      if (x[i] + y[i] == 0) {
        continue;
      }
      f += x[i];
      g += y[i];
      u[k] = (f + g) / all;
      boolean last = k == distinct - 1;
      double spread = u[k] * (1 - u[k]);
      w[k] = last ? 0 : (x[i] + y[i]) / all / (weighted ? spread : 1);
      double d = f / n - g / m;
      t += w[k] * d * d;
      k++;
    }
    t *= n * m / all;
    if (distinct < 2) {
      return new OrderedTable(0, 1);
    }
    double finite = all / (all - 1);
    double mean = 0;
    double below = 0;
    double variance = 0;
    for (int j = 0; j < distinct; j++) {
      double spread = u[j] * (1 - u[j]);
      mean += w[j] * spread;
      variance += w[j] * w[j] * spread * spread + 2 * w[j] * (1 - u[j]) * (1 - u[j]) * below;
      below += w[j] * u[j] * u[j];
    }
    mean *= finite;
    variance *= 2 * finite * finite;
    double p;
    if (distinct <= FEW) {
      p = threeCumulants(t, mean, variance, thirdCumulant(w, u) * finite * finite * finite);
    } else if (weighted) {
      double limitVariance = 2 * (Math.PI * Math.PI - 9) / 3;
      p = WeightedChiSquare.andersonDarling(1 + (t - mean) * Math.sqrt(limitVariance / variance));
    } else {
      p = WeightedChiSquare.cramerVonMises(1.0 / 6 + (t - mean) / Math.sqrt(45 * variance));
    }
    return new OrderedTable(t, p);
  }

  private static double thirdCumulant(double[] w, double[] u) {
    int k = w.length;
    double sum = 0;
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        double square = 0;
        for (int l = 0; l < k; l++) {
          square += bridge(u[i], u[l]) * w[l] * bridge(u[l], u[j]);
        }
        sum += w[i] * w[j] * square * bridge(u[i], u[j]);
      }
    }
    return 8 * sum;
  }

  private static double bridge(double a, double b) {
    return Math.min(a, b) * (1 - Math.max(a, b));
  }

  private static double threeCumulants(double t, double mean, double variance, double third) {
    double degrees = 8 * variance * variance * variance / (third * third);
    double x = (t - mean) * Math.sqrt(2 * degrees / variance) + degrees;
    return SpecialFunctions.chiSquareSurvival(Math.max(0, x), degrees);
  }

  /** The counts of two sorted samples over their pooled distinct values. */
  public static long[][] tabulate(double[] x, double[] y) {
    int i = 0;
    int j = 0;
    int k = 0;
    long[] a = new long[x.length + y.length];
    long[] b = new long[x.length + y.length];
    while (i < x.length || j < y.length) {
      double v = j == y.length || (i < x.length && x[i] <= y[j]) ? x[i] : y[j];
      while (i < x.length && x[i] == v) {
        i++;
        a[k]++;
      }
      while (j < y.length && y[j] == v) {
        j++;
        b[k]++;
      }
      k++;
    }
    return new long[][] {java.util.Arrays.copyOf(a, k), java.util.Arrays.copyOf(b, k)};
  }
}
