package dev.mlops.drift.internal;

import dev.mlops.drift.KolmogorovSmirnov;
import dev.mlops.drift.KolmogorovSmirnov.Alternative;
import dev.mlops.drift.KolmogorovSmirnov.Method;
import java.util.Arrays;

/*
 * Raab, Heusinger and Schleif, Neurocomputing 416 (2020). A ring of the last `window` values; when it
 * is full, the newest `recent` are tested against all older ones. After a change only the recent
 * values stay. The critical distance is found once, so a step costs two sorts and a merge.
 * state = values in arrival order, then how many there are.
 */
public final class Kswin extends FlatStateDetector {
  private final int window;
  private final int recent;
  private final double critical;

  public Kswin(double alpha, int window, int recent) {
    super("kswin(" + alpha + "," + window + "," + recent + ")", window + 1);
    this.window = window;
    this.recent = recent;
    this.critical = critical(alpha, window - recent, recent);
  }

  /** The least attainable distance whose exact p is at most alpha, minus half a lattice step. */
  private static double critical(double alpha, int n, int m) {
    double lcm = (double) n / ExactKs.gcd(n, m) * m;
    double low = 0;
    double high = lcm + 1;
    while (high - low > 1) {
      double middle = Math.floor((low + high) / 2);
      double p = KolmogorovSmirnov.pValue(middle / lcm, n, m, Alternative.TWO_SIDED, Method.EXACT);
      if (p <= alpha) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return (high - 0.5) / lcm;
  }

  @Override
  void start() {}

  @Override
  Signal next(double value) {
    int size = (int) state[window];
    if (size == window) {
      System.arraycopy(state, 1, state, 0, window - 1);
      size--;
    }
    state[size++] = value + 0.0;
    state[window] = size;
    if (size < window) {
      return Signal.STABLE;
    }
    double[] older = Arrays.copyOf(state, window - recent);
    double[] newer = Arrays.copyOfRange(state, window - recent, window);
    Arrays.sort(older);
    Arrays.sort(newer);
    EcdfDifference difference = new EcdfDifference(older, newer);
    if (Math.max(difference.above(), difference.below()) < critical) {
      return Signal.STABLE;
    }
    System.arraycopy(state, window - recent, state, 0, recent);
    Arrays.fill(state, recent, window, 0);
    state[window] = recent;
    return Signal.CHANGE;
  }
}
