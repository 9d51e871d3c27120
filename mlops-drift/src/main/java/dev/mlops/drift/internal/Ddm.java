package dev.mlops.drift.internal;

import dev.mlops.drift.DriftException;

/*
 * Gama, Medas, Castillo and Rodrigues, SBIA 2004. With p the error rate and s = sqrt(p (1-p) / n),
 * remember the lowest p + s; warn above p_min + 2 s_min, change above p_min + 3 s_min.
 */
public final class Ddm extends FlatStateDetector {
  private static final int COUNT = 0;
  private static final int RATE = 1;
  private static final int LEAST_RATE = 2;
  private static final int LEAST_SPREAD = 3;

  private final int minValues;
  private final double warning;
  private final double change;

  public Ddm(int minValues, double warning, double change) {
    super("ddm(" + minValues + "," + warning + "," + change + ")", 4);
    this.minValues = minValues;
    this.warning = warning;
    this.change = change;
    start();
  }

  @Override
  void start() {
    state[RATE] = 1;
    state[LEAST_RATE] = Double.POSITIVE_INFINITY;
    state[LEAST_SPREAD] = Double.POSITIVE_INFINITY;
  }

  @Override
  void check(double value) {
    if (value != 0 && value != 1) {
      throw DriftException.invalidInput("DDM counts errors: a value must be 0 or 1, got " + value);
    }
  }

  @Override
  Signal next(double value) {
    state[COUNT]++;
    double n = state[COUNT];
    double p = state[RATE] + (value - state[RATE]) / n;
    state[RATE] = p;
    double s = Math.sqrt(p * (1 - p) / n);
    // The detectors of MOA count from one, so that minValues is reached one value earlier.
    if (n + 1 < minValues) {
      return Signal.STABLE;
    }
    if (p + s <= state[LEAST_RATE] + state[LEAST_SPREAD]) {
      state[LEAST_RATE] = p;
      state[LEAST_SPREAD] = s;
    }
    if (p + s > state[LEAST_RATE] + change * state[LEAST_SPREAD]) {
      reset();
      return Signal.CHANGE;
    }
    return p + s > state[LEAST_RATE] + warning * state[LEAST_SPREAD]
        ? Signal.WARNING
        : Signal.STABLE;
  }
}
