package dev.mlops.drift.internal;

/*
 * The extremes of F1 - F2 over the pooled values, in integers: all comparisons are of
 * i*m - j*n, so nothing is rounded and ties are evaluated after the whole tied group.
 * The location alone is chosen by the rounded difference i/n - j/m, the first value of the first
 * sample before those of the second: where several values attain the extreme, this is the one that
 * SciPy names.
 */
public final class EcdfDifference {
  private long max = Long.MIN_VALUE;
  private long min = Long.MAX_VALUE;
  private double roundedMax = Double.NEGATIVE_INFINITY;
  private double roundedMin = Double.POSITIVE_INFINITY;
  private double maxAt;
  private double minAt;
  private boolean maxInFirst;
  private boolean minInFirst;
  private final double scale;

  /** Both samples sorted with signed zeros joined, no NaN, not empty; n*m below 2^63. */
  public EcdfDifference(double[] x, double[] y) {
    int n = x.length;
    int m = y.length;
    scale = (double) n * m;
    int i = 0;
    int j = 0;
    while (i < n || j < m) {
      boolean first = j == m || (i < n && x[i] <= y[j]);
      double v = first ? x[i] : y[j];
      while (i < n && x[i] == v) {
        i++;
      }
      while (j < m && y[j] == v) {
        j++;
      }
      long difference = (long) i * m - (long) j * n;
      max = Math.max(max, difference);
      min = Math.min(min, difference);
      locate((double) i / n - (double) j / m, v, first);
    }
  }

  private void locate(double difference, double v, boolean inFirst) {
    if (difference > roundedMax || (difference == roundedMax && inFirst && !maxInFirst)) {
      roundedMax = difference;
      maxAt = v;
      maxInFirst = inFirst;
    }
    if (difference < roundedMin || (difference == roundedMin && inFirst && !minInFirst)) {
      roundedMin = difference;
      minAt = v;
      minInFirst = inFirst;
    }
  }

  /** max(F1 - F2), at least 0. */
  public double above() {
    return Math.max(0, max) / scale;
  }

  /** max(F2 - F1), at least 0. */
  public double below() {
    return Math.max(0, -min) / scale;
  }

  public double aboveAt() {
    return maxAt;
  }

  public double belowAt() {
    return minAt;
  }

  public boolean belowIsLarger() {
    return -min > Math.max(0, max);
  }
}
