package dev.mlops.drift.internal;

/*
 * Page, Biometrika 41 (1954). With m the running mean
 *   S <- forgetting * S + (x - m - delta),   change when S > lambda after minValues.
 * The statistic starts again after a change.
 */
public final class PageHinkley extends FlatStateDetector {
  private static final int COUNT = 0;
  private static final int MEAN = 1;
  private static final int SUM = 2;

  private final int minValues;
  private final double delta;
  private final double lambda;
  private final double forgetting;

  public PageHinkley(int minValues, double delta, double lambda, double forgetting) {
    super("page-hinkley(" + minValues + "," + delta + "," + lambda + "," + forgetting + ")", 3);
    this.minValues = minValues;
    this.delta = delta;
    this.lambda = lambda;
    this.forgetting = forgetting;
  }

  @Override
  void start() {}

  @Override
  Signal next(double value) {
    state[COUNT]++;
    state[MEAN] += (value - state[MEAN]) / state[COUNT];
    state[SUM] = forgetting * state[SUM] + (value - state[MEAN] - delta);
    if (state[COUNT] >= minValues && state[SUM] > lambda) {
      reset();
      return Signal.CHANGE;
    }
    return Signal.STABLE;
  }
}
