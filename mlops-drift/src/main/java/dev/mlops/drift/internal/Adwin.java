package dev.mlops.drift.internal;

/*
 * Bifet and Gavalda, SDM 2007, with the bucket rows of their exponential histogram: row r holds up to
 * six buckets (five after compression) of 2^r values each, newest row first, oldest bucket first in a
 * row. Every 32 values, from the oldest bucket on, the window is cut wherever
 *
 *   |mean0 - mean1| > sqrt(2/m v d) + 2/(3 m) d,   d = ln(2 ln(W) / delta),
 *   1/m = 1/(n0 - 5 + 1) + 1/(n1 - 5 + 1),   v the variance of the window,
 *
 * and then its oldest bucket is dropped. Cuts leave at least five values on each side, and a window
 * of more than ten.
 *
 * state = [count since start, width, total, variance sum, rows, then per row: size, 6 sums, 6 variances]
 */
public final class Adwin extends FlatStateDetector {
  private static final int MAX_BUCKETS = 5;
  private static final int CLOCK = 32;
  private static final int MIN_WINDOW = 10;
  private static final int MIN_PART = 5;
  private static final int ROWS = 48;
  private static final int TIME = 0;
  private static final int WIDTH = 1;
  private static final int TOTAL = 2;
  private static final int VARIANCE = 3;
  private static final int USED = 4;
  private static final int FIRST = 5;
  private static final int SLOTS = MAX_BUCKETS + 1;
  private static final int STRIDE = 1 + 2 * SLOTS;

  private final double delta;

  public Adwin(double delta) {
    super("adwin(" + delta + ")", FIRST + ROWS * STRIDE);
    this.delta = delta;
    start();
  }

  @Override
  void start() {
    state[USED] = 1;
  }

  private int size(int row) {
    return (int) state[FIRST + row * STRIDE];
  }

  private int sum(int row, int slot) {
    return FIRST + row * STRIDE + 1 + slot;
  }

  private int spread(int row, int slot) {
    return sum(row, slot) + SLOTS;
  }

  private void append(int row, double total, double variance) {
    int slot = size(row);
    state[sum(row, slot)] = total;
    state[spread(row, slot)] = variance;
    state[FIRST + row * STRIDE]++;
  }

  private void dropOldest(int row, int howMany) {
    int size = size(row);
    for (int slot = 0; slot < SLOTS; slot++) {
      boolean stays = slot + howMany < size;
      state[sum(row, slot)] = stays ? state[sum(row, slot + howMany)] : 0;
      state[spread(row, slot)] = stays ? state[spread(row, slot + howMany)] : 0;
    }
    state[FIRST + row * STRIDE] = size - howMany;
  }

  @Override
  Signal next(double value) {
    state[TIME]++;
    insert(value);
    return state[TIME] % CLOCK == 0 && state[WIDTH] > MIN_WINDOW && shrink()
        ? Signal.CHANGE
        : Signal.STABLE;
  }

  private void insert(double value) {
    double width = state[WIDTH];
    append(0, value, 0);
    if (width > 0) {
      double d = value - state[TOTAL] / width;
      state[VARIANCE] += width * d * d / (width + 1);
    }
    state[WIDTH]++;
    state[TOTAL] += value;
    for (int row = 0; row < ROWS - 1 && size(row) == SLOTS; row++) {
      double n = Math.scalb(1.0, row);
      double a = state[sum(row, 0)];
      double b = state[sum(row, 1)];
      double d = a / n - b / n;
      append(
          row + 1, a + b, state[spread(row, 0)] + state[spread(row, 1)] + n * n * d * d / (2 * n));
      state[USED] = Math.max(state[USED], row + 2);
      dropOldest(row, 2);
    }
  }

  private boolean shrink() {
    boolean changed = false;
    while (cutFound()) {
      changed = true;
      dropOldestBucket();
      if (!(state[WIDTH] > MIN_WINDOW)) {
        break;
      }
    }
    return changed;
  }

  private boolean cutFound() {
    double n0 = 0;
    double n1 = state[WIDTH];
    double u0 = 0;
    double u1 = state[TOTAL];
    for (int row = (int) state[USED] - 1; row >= 0; row--) {
      double n = Math.scalb(1.0, row);
      for (int slot = 0; slot < size(row); slot++) {
        if (row == 0 && slot == size(0) - 1) {
          return false;
        }
        n0 += n;
        n1 -= n;
        u0 += state[sum(row, slot)];
        u1 -= state[sum(row, slot)];
        if (n0 > MIN_PART && n1 > MIN_PART && differ(n0, n1, u0 / n0 - u1 / n1)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean differ(double n0, double n1, double difference) {
    double width = state[WIDTH];
    double d = Math.log(2 * Math.log(width) / delta);
    double inverse = 1 / (n0 - MIN_PART + 1) + 1 / (n1 - MIN_PART + 1);
    double variance = state[VARIANCE] / width;
    return Math.abs(difference) > Math.sqrt(2 * inverse * variance * d) + 2.0 / 3 * d * inverse;
  }

  private void dropOldestBucket() {
    int row = (int) state[USED] - 1;
    double n = Math.scalb(1.0, row);
    double total = state[sum(row, 0)];
    double variance = state[spread(row, 0)];
    state[WIDTH] -= n;
    state[TOTAL] -= total;
    double d = total / n - state[TOTAL] / state[WIDTH];
    state[VARIANCE] -= variance + n * state[WIDTH] * d * d / (n + state[WIDTH]);
    dropOldest(row, 1);
    while (state[USED] > 1 && size((int) state[USED] - 1) == 0) {
      state[USED]--;
    }
  }
}
