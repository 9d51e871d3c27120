package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Comparator;

/** How p-values are adjusted when many hypotheses are tested at once. */
public enum Correction {
  /** No adjustment: with 100 features about five false alarms per report at 0.05. */
  NONE,
  /** Bonferroni: p times the number of tests; controls the chance of any false alarm. */
  BONFERRONI,
  /** Holm's step-down form of Bonferroni: never less powerful. */
  HOLM,
  /** Benjamini and Hochberg 1995: controls the expected share of false alarms among all alarms. */
  BENJAMINI_HOCHBERG;

  /**
   * Adjusts p-values, so that each may be compared with α itself.
   *
   * @param pValues one per hypothesis, each from 0 to 1, not changed
   * @return the adjusted values in the same order
   * @throws DriftException if a value is not a probability
   */
  public double[] adjust(double[] pValues) {
    int n = requireNonNull(pValues, "pValues").length;
    for (double p : pValues) {
      if (!(p >= 0 && p <= 1)) {
        throw DriftException.invalidInput("a p-value must be from 0 to 1, got " + p);
      }
    }
    if (this == NONE) {
      return pValues.clone();
    }
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> pValues[i]));
    double[] adjusted = new double[n];
    double running = this == BENJAMINI_HOCHBERG ? 1 : 0;
    for (int step = 0; step < n; step++) {
      // Holm walks up from the smallest p, Benjamini-Hochberg down from the largest.
      int rank = this == BENJAMINI_HOCHBERG ? n - step : step + 1;
      int i = order[rank - 1];
      double p = switch (this) {
        case BONFERRONI -> pValues[i] * n;
        case HOLM -> running = Math.max(running, pValues[i] * (n - rank + 1));
        case BENJAMINI_HOCHBERG -> running = Math.min(running, pValues[i] * n / rank);
        case NONE -> pValues[i];
      };
      adjusted[i] = Math.min(1, p);
    }
    return adjusted;
  }
}
