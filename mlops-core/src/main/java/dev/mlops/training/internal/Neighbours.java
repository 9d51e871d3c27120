package dev.mlops.training.internal;

import java.util.List;

/** Exact nearest rows by comparing all pairs: time grows with the square of the rows. */
final class Neighbours {
  private Neighbours() {}

  /** The squared distance of two rows. */
  interface Distance {
    double squared(double[] a, double[] b);
  }

  static double euclidean(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double difference = a[j] - b[j];
      sum += difference * difference;
    }
    return sum;
  }

  /** Returns for each row the {@code k} nearest others, nearest first; of equals the earlier. */
  static int[][] nearest(List<double[]> rows, int k, Distance distance) {
    int[][] nearest = new int[rows.size()][];
    double[] best = new double[k];
    for (int i = 0; i < nearest.length; i++) {
      int[] found = new int[k];
      int n = 0;
      for (int j = 0; j < nearest.length; j++) {
        if (j == i) {
          continue;
        }
        double d = distance.squared(rows.get(i), rows.get(j));
        if (n == k && d >= best[k - 1]) {
          continue;
        }
        int at = n < k ? n++ : k - 1;
        while (at > 0 && best[at - 1] > d) {
          best[at] = best[at - 1];
          found[at] = found[at - 1];
          at--;
        }
        best[at] = d;
        found[at] = j;
      }
      nearest[i] = found;
    }
    return nearest;
  }
}
