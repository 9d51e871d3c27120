package dev.mlops.drift.internal;

import dev.mlops.drift.DriftException;

/*
 * Frias-Blanco et al., IEEE TKDE 27 (2015), algorithm HDDM_A, one-sided (increase of the mean).
 * Kept: the count and sum of all values, and those at the cut where mean + Hoeffding bound was least,
 *   bound(n) = sqrt(ln(1/confidence) / (2 n)).
 * The mean rose if mean_all - mean_cut >= sqrt(m/2 ln(1/confidence)), m = (N - n)/(n N).
 */
public final class HddmAverage extends FlatStateDetector {
  private static final int COUNT = 0;
  private static final int SUM = 1;
  private static final int CUT_COUNT = 2;
  private static final int CUT_SUM = 3;

  private final double drift;
  private final double warning;

  public HddmAverage(double drift, double warning) {
    super("hddm-a(" + drift + "," + warning + ")", 4);
    this.drift = drift;
    this.warning = warning;
  }

  @Override
  void start() {}

  @Override
  void check(double value) {
    if (!(value >= 0 && value <= 1)) {
      throw DriftException.invalidInput("HDDM needs values from 0 to 1, got " + value);
    }
  }

  @Override
  Signal next(double value) {
    state[COUNT]++;
    state[SUM] += value;
    double n = state[COUNT];
    double mean = state[SUM] / n;
    if (state[CUT_COUNT] == 0
        || mean + bound(n) <= state[CUT_SUM] / state[CUT_COUNT] + bound(state[CUT_COUNT])) {
      state[CUT_COUNT] = n;
      state[CUT_SUM] = state[SUM];
    }
    if (rose(drift)) {
      reset();
      return Signal.CHANGE;
    }
    return rose(warning) ? Signal.WARNING : Signal.STABLE;
  }

  private double bound(double n) {
    return Math.sqrt(Math.log(1 / drift) / (2 * n));
  }

  private boolean rose(double confidence) {
    double cut = state[CUT_COUNT];
    double n = state[COUNT];
    if (cut == n) {
      return false;
    }
    double m = (n - cut) / cut / n;
    return state[SUM] / n - state[CUT_SUM] / cut >= Math.sqrt(m / 2 * Math.log(2 / confidence));
  }
}
