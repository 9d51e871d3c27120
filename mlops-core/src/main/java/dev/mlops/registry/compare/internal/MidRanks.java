package dev.mlops.registry.compare.internal;

import java.util.Arrays;
import java.util.Comparator;

/** Ranks from 1; equal values share the mean of their ranks. */
public final class MidRanks {
  private MidRanks() {}

  public static double[] of(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i] + 0.0)); // -0.0 equals 0.0
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      double rank = (from + 1 + to) / 2.0;
      for (int i = from; i < to; i++) {
        ranks[order[i]] = rank;
      }
      from = to;
    }
    return ranks;
  }
}
