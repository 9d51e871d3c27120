package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.DriftPolicy.Correction;
import dev.mlops.drift.internal.Contingency;
import dev.mlops.drift.internal.SpecialFunctions;
import java.util.Arrays;
import java.util.Comparator;

/** Adjusts p-values for the number of hypotheses, and gives that of a 2 x 2 table. */
final class PValues {
  private PValues() {}

  static double[] adjust(Correction correction, double[] pValues) {
    int n = requireNonNull(pValues, "pValues").length;
    for (double p : pValues) {
      if (!(p >= 0 && p <= 1)) {
        throw DriftException.invalidInput("a p-value must be from 0 to 1, got " + p);
      }
    }
    if (correction == Correction.NONE) {
      return pValues.clone();
    }
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> pValues[i]));
    double[] adjusted = new double[n];
    double running = correction == Correction.BENJAMINI_HOCHBERG ? 1 : 0;
    for (int step = 0; step < n; step++) {
      // Holm walks up from the smallest p, Benjamini-Hochberg down from the largest.
      int rank = correction == Correction.BENJAMINI_HOCHBERG ? n - step : step + 1;
      int i = order[rank - 1];
      double p = switch (correction) {
        case BONFERRONI -> pValues[i] * n;
        case HOLM -> running = Math.max(running, pValues[i] * (n - rank + 1));
        case BENJAMINI_HOCHBERG -> running = Math.min(running, pValues[i] * n / rank);
        case NONE -> pValues[i];
      };
      adjusted[i] = Math.min(1, p);
    }
    return adjusted;
  }

  /** p of a 2 x 2 table: Fisher's exact test where counts are small, else Pearson's. */
  static double twoByTwo(long a, long n, long b, long m) {
    Contingency table = new Contingency(new long[] {a, n - a}, new long[] {b, m - b});
    if (table.leastExpected() < 5 || n + m < 1000) {
      return probability(Contingency.fisher(a, n, b, m));
    }
    return probability(SpecialFunctions.chiSquareSurvival(table.pearson(false), 1));
  }

  static double probability(double p) {
    return Math.max(Double.MIN_VALUE, Math.min(1, p));
  }
}
