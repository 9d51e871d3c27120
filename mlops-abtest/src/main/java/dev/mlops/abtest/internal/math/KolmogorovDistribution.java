package dev.mlops.abtest.internal.math;

/*
 * One sample: the matrix power of Marsaglia, Tsang & Wang (2003) for up to 500 units, Kolmogorov's limit
 * beyond. Two samples: the probability that a uniform lattice path touches |i/n - j/m| >= d, carried as
 * conditional probabilities so that nothing overflows.
 */
/** Distribution of Kolmogorov's statistic. */
public final class KolmogorovDistribution {
  private static final int LARGEST_EXACT = 500;

  private KolmogorovDistribution() {}

  /**
   * P(some path point reaches d). The recursion adds probabilities, so small tails keep precision.
   */
  public static double twoSampleTail(double d, int n, int m) {
    double limit = d - 1e-12;
    double[] touched = new double[m + 1];
    for (int i = 0; i <= n; i++) {
      for (int j = 0; j <= m; j++) {
        if (Math.abs((double) i / n - (double) j / m) >= limit && d > 0) {
          touched[j] = 1;
        } else if (i == 0 && j == 0) {
          touched[j] = 0;
        } else {
          double fromLeft = j > 0 ? touched[j - 1] * j : 0;
          double fromAbove = i > 0 ? touched[j] * i : 0;
          touched[j] = (fromLeft + fromAbove) / (i + j);
        }
      }
    }
    return d > 0 ? touched[m] : 1;
  }

  /** P(D_n >= d). */
  public static double oneSampleTail(double d, long n) {
    if (d <= 0) {
      return 1;
    }
    if (d >= 1) {
      return 0;
    }
    return n <= LARGEST_EXACT ? Math.max(0, 1 - exact(d, (int) n)) : limit(Math.sqrt(n) * d);
  }

  private static double limit(double x) {
    double sum = 0;
    for (int k = 1; k <= 200; k++) {
      double term = Math.exp(-2.0 * k * k * x * x);
      sum += k % 2 == 1 ? term : -term;
      if (term < 1e-18) {
        break;
      }
    }
    return Math.min(1, Math.max(0, 2 * sum));
  }

  private static double exact(double d, int n) {
    int k = (int) (n * d) + 1;
    int m = 2 * k - 1;
    double h = k - n * d;
    double[][] a = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        a[i][j] = i - j + 1 < 0 ? 0 : 1;
      }
    }
    for (int i = 0; i < m; i++) {
      a[i][0] -= Math.pow(h, i + 1);
      a[m - 1][i] -= Math.pow(h, m - i);
    }
    a[m - 1][0] += 2 * h - 1 > 0 ? Math.pow(2 * h - 1, m) : 0;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        for (int g = 2; g <= i - j + 1; g++) {
          a[i][j] /= g;
        }
      }
    }
    double[] row = new double[m];
    row[k - 1] = 1;
    double log = 0;
    for (int step = 1; step <= n; step++) {
      double[] next = new double[m];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
          next[j] += row[i] * a[i][j];
        }
      }
      double scale = (double) step / n;
      double largest = 0;
      for (int j = 0; j < m; j++) {
        next[j] *= scale;
        largest = Math.max(largest, next[j]);
      }
      for (int j = 0; j < m; j++) {
        next[j] /= largest;
      }
      log += Math.log(largest);
      row = next;
    }
    return row[k - 1] * Math.exp(log);
  }
}
