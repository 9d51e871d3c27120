package dev.mlops.training.internal;

import dev.mlops.training.internal.FittedCalibration.ScoreMap;
import java.util.Arrays;
import java.util.stream.IntStream;

/*
 * Isotonic regression by pooling adjacent violators (Ayer, Brunk, Ewing, Reid, Silverman 1955).
 * Rows of equal score are averaged first. Kept are the first and last score of every pool, and
 * values between pools are interpolated, as scikit-learn does.
 */
final class Isotonic {
  private Isotonic() {}

  static ScoreMap fit(double[] scores, boolean[] positive) {
    int[] order = IntStream.range(0, scores.length)
        .boxed()
        .sorted((i, j) -> Double.compare(scores[i], scores[j]))
        .mapToInt(Integer::intValue)
        .toArray();
    double[] x = new double[scores.length];
    double[] sum = new double[scores.length];
    double[] weight = new double[scores.length];
    int n = 0;
    for (int i : order) {
      if (n == 0 || scores[i] != x[n - 1]) {
        x[n++] = scores[i];
      }
      sum[n - 1] += positive[i] ? 1 : 0;
      weight[n - 1]++;
    }
    int[] start = new int[n];
    double[] poolSum = new double[n];
    double[] poolWeight = new double[n];
    int pools = 0;
    for (int i = 0; i < n; i++) {
      start[pools] = i;
      poolSum[pools] = sum[i];
      poolWeight[pools] = weight[i];
      pools++;
      while (pools > 1
          && poolSum[pools - 2] * poolWeight[pools - 1]
              >= poolSum[pools - 1] * poolWeight[pools - 2]) {
        poolSum[pools - 2] += poolSum[pools - 1];
        poolWeight[pools - 2] += poolWeight[pools - 1];
        pools--;
      }
    }
    double[] outX = new double[2 * pools];
    double[] outY = new double[2 * pools];
    int out = 0;
    for (int p = 0; p < pools; p++) {
      int last = (p + 1 < pools ? start[p + 1] : n) - 1;
      double y = poolSum[p] / poolWeight[p];
      outX[out] = x[start[p]];
      outY[out++] = y;
      if (last > start[p]) {
        outX[out] = x[last];
        outY[out++] = y;
      }
    }
    return new ScoreMap.Points(Arrays.copyOf(outX, out), Arrays.copyOf(outY, out));
  }
}
