package dev.mlops.drift.internal;

import java.util.Arrays;
import java.util.Comparator;

/** Isotonic regression: equal scores are pooled first, then adjacent violators. */
public final class Isotonic {
  private final double[] x;
  private final double[] y;

  private Isotonic(double[] x, double[] y) {
    this.x = x;
    this.y = y;
  }

  public static Isotonic fit(double[] scores, int[] labels) {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> scores[i] + 0.0));
    int n = 0;
    double[] points = new double[scores.length];
    double[] sums = new double[scores.length];
    double[] weights = new double[scores.length];
    for (int i : order) {
      if (n == 0 || points[n - 1] != scores[i]) {
        points[n++] = scores[i] + 0.0;
      }
      sums[n - 1] += labels[i];
      weights[n - 1]++;
    }
    int[] end = new int[n];
    int blocks = 0;
    double[] sum = new double[n];
    double[] weight = new double[n];
    for (int i = 0; i < n; i++) {
      sum[blocks] = sums[i];
      weight[blocks] = weights[i];
      end[blocks++] = i + 1;
      while (blocks > 1
          && sum[blocks - 2] * weight[blocks - 1] >= sum[blocks - 1] * weight[blocks - 2]) {
        sum[blocks - 2] += sum[blocks - 1];
        weight[blocks - 2] += weight[blocks - 1];
        end[blocks - 2] = end[blocks - 1];
        blocks--;
      }
    }
    // Only the ends of a block matter between linear pieces.
    double[] x = new double[2 * blocks];
    double[] y = new double[2 * blocks];
    int k = 0;
    int start = 0;
    for (int b = 0; b < blocks; b++) {
      double mean = sum[b] / weight[b];
      x[k] = points[start];
      y[k++] = mean;
      if (end[b] - 1 > start) {
        x[k] = points[end[b] - 1];
        y[k++] = mean;
      }
      start = end[b];
    }
    return new Isotonic(Arrays.copyOf(x, k), Arrays.copyOf(y, k));
  }

  public double apply(double score) {
    int at = Arrays.binarySearch(x, score + 0.0);
    if (at >= 0) {
      return y[at];
    }
    int i = -at - 1;
    if (i == 0) {
      return y[0];
    }
    if (i == x.length) {
      return y[x.length - 1];
    }
    double slope = (y[i] - y[i - 1]) / (x[i] - x[i - 1]);
    return slope * (score - x[i - 1]) + y[i - 1];
  }
}
