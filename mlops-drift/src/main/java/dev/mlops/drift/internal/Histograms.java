package dev.mlops.drift.internal;

import java.util.Arrays;

/** Equal-width histograms with NumPy's rules for the number of bins and the last edge. */
public final class Histograms {
  private Histograms() {}

  public static double[] equalWidth(double low, double high, int bins) {
    double[] edges = new double[bins + 1];
    double step = (high - low) / bins;
    for (int i = 0; i < bins; i++) {
      edges[i] = low + i * step;
    }
    edges[bins] = high;
    return edges;
  }

  /** Width range / (1 + log2 n); Sturges 1926. */
  public static double[] sturges(double low, double high, int n) {
    return byWidth(low, high, (high - low) / (log2(n) + 1));
  }

  /** Sturges' rule with Doane's allowance for skewness, 1976. */
  public static double[] doane(double[] sorted) {
    int n = sorted.length;
    double low = sorted[0];
    double high = sorted[n - 1];
    double mean = Arrays.stream(sorted).sum() / n;
    double second = 0;
    for (double v : sorted) {
      second += (v - mean) * (v - mean);
    }
    double sigma = Math.sqrt(second / n);
    if (n <= 2 || !(sigma > 0)) {
      return byWidth(low, high, 0);
    }
    double third = 0;
    for (double v : sorted) {
      double z = (v - mean) / sigma;
      third += z * z * z;
    }
    double skewness = Math.abs(third / n);
    double scale = Math.sqrt(6.0 * (n - 2) / ((n + 1.0) * (n + 3)));
    return byWidth(low, high, (high - low) / (1 + log2(n) + log2(1 + skewness / scale)));
  }

  private static double[] byWidth(double low, double high, double width) {
    if (low == high) {
      return new double[] {low - 0.5, high + 0.5};
    }
    return equalWidth(low, high, width > 0 ? (int) Math.ceil((high - low) / width) : 1);
  }

  private static double log2(double v) {
    return Math.log(v) / Math.log(2);
  }

  /** Counts per bin [e_i, e_(i+1)), the last bin closed; values outside do not count. */
  public static long[] counts(double[] values, double[] edges) {
    long[] counts = new long[edges.length - 1];
    for (double v : values) {
      if (v >= edges[0] && v <= edges[edges.length - 1]) {
        int at = Arrays.binarySearch(edges, v);
        int bin = at >= 0 ? at : -at - 2;
        counts[Math.min(bin, counts.length - 1)]++;
      }
    }
    return counts;
  }

  /** Shares of the sample size, which need not sum to one if values lie outside. */
  public static double[] shares(double[] values, double[] edges) {
    long[] counts = counts(values, edges);
    double[] shares = new double[counts.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (double) counts[i] / values.length;
    }
    return shares;
  }
}
