package dev.mlops.evaluation.internal;

import dev.mlops.data.internal.Shuffle;
import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;

/*
 *  [1] B. Efron, R. Tibshirani: An Introduction to the Bootstrap. Chapman & Hall 1993, chapters 6
 *      (standard errors) and 13 (percentile intervals).
 */

/** The bootstrap's draws, and what is made of the values that a statistic took on them. */
public final class Resampling {
  private static final int MIN_RESAMPLES = 100;

  private Resampling() {}

  /** The rows of each class that has some, in order of class. */
  public static List<int[]> byClass(double[] labels, int classes) {
    return IntStream.range(0, classes)
        .mapToObj(c -> rows(labels.length, i -> (int) labels[i] == c))
        .filter(rows -> rows.length > 0)
        .toList();
  }

  /** All rows together. */
  public static List<int[]> together(int rows) {
    return List.of(rows(rows, i -> true));
  }

  private static int[] rows(int count, IntPredicate wanted) {
    return IntStream.range(0, count).filter(wanted).toArray();
  }

  public static int requireEnough(int resamples) {
    if (resamples < MIN_RESAMPLES) {
      throw new InvalidInputException(
          "resamples must be >= " + MIN_RESAMPLES + ", got " + resamples);
    }
    return resamples;
  }

  /** Draws as many rows of each stratum as it has, with replacement, again and again. */
  public static void draw(
      List<int[]> strata, int resamples, long seed, ObjIntConsumer<int[]> statistic) {
    Random random = Shuffle.random(seed);
    int size = strata.stream().mapToInt(rows -> rows.length).sum();
    for (int r = 0; r < resamples; r++) {
      int[] drawn = new int[size];
      int n = 0;
      for (int[] rows : strata) {
        for (int i = 0; i < rows.length; i++) {
          drawn[n++] = rows[random.nextInt(rows.length)];
        }
      }
      statistic.accept(drawn, r);
    }
  }

  /** Hyndman and Fan's type 7. */
  public static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** The standard deviation with n - 1. */
  public static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / (values.length - 1));
  }
}
