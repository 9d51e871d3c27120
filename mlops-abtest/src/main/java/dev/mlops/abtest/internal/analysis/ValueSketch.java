package dev.mlops.abtest.internal.analysis;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/*
 * Up to EXACT values are kept as they are. Beyond, values go into geometric buckets with ratio GAMMA
 * (the scheme of DDSketch, Masson, Rim & Lee 2019), which return every order statistic within 0.05 %.
 * Buckets merge by addition, so the answer does not depend on the order of merging.
 */
/** Order statistics of one cell in bounded memory. Not safe for use by several threads. */
public final class ValueSketch {
  private static final int EXACT = 50_000;
  private static final double GAMMA = 1.001;
  private static final double LOG_GAMMA = Math.log(GAMMA);
  private static final double SMALLEST = 1e-9;
  private static final double LARGEST = 1e15;

  private double[] values = new double[16];
  private int size;
  private boolean sorted;
  private final TreeMap<Integer, Long> buckets = new TreeMap<>();
  private long count;

  public void add(double value) {
    count++;
    if (buckets.isEmpty() && size < EXACT) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
      sorted = false;
      return;
    }
    spill();
    bucket(value, 1);
  }

  public void addAll(ValueSketch other) {
    for (int i = 0; i < other.size; i++) {
      add(other.values[i]);
    }
    if (!other.buckets.isEmpty()) {
      spill();
      other.buckets.forEach((key, n) -> {
        buckets.merge(key, n, Long::sum);
        count += n;
      });
    }
  }

  public long count() {
    return count;
  }

  /** The order statistic of a rank from 1 to count. */
  public double value(long rank) {
    if (buckets.isEmpty()) {
      if (!sorted) {
        Arrays.sort(values, 0, size);
        sorted = true;
      }
      return values[(int) rank - 1];
    }
    long seen = 0;
    for (Map.Entry<Integer, Long> bucket : buckets.entrySet()) {
      seen += bucket.getValue();
      if (seen >= rank) {
        return middle(bucket.getKey());
      }
    }
    throw new IllegalArgumentException("rank " + rank + " of " + count);
  }

  private void spill() {
    for (int i = 0; i < size; i++) {
      bucket(values[i], 1);
    }
    size = 0;
  }

  private void bucket(double value, long n) {
    buckets.merge(key(value), n, Long::sum);
  }

  private static int key(double value) {
    double size = Math.min(Math.abs(value), LARGEST);
    if (size < SMALLEST) {
      return 0;
    }
    int steps = 1 + (int) Math.floor(Math.log(size / SMALLEST) / LOG_GAMMA);
    return value > 0 ? steps : -steps;
  }

  private static double middle(int key) {
    if (key == 0) {
      return 0;
    }
    double size = SMALLEST * Math.exp((Math.abs(key) - 0.5) * LOG_GAMMA);
    return key > 0 ? size : -size;
  }
}
