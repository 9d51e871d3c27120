package dev.mlops.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/* A row of counters that only grow; adding neither locks nor allocates. */
final class StripedCounters {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PADDING = 16; // two cache lines between the stripes' live cells

  private final long[][] stripes = new long[Stripes.COUNT][];
  private final int width;

  StripedCounters(int width) {
    this.width = width;
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new long[PADDING + width + PADDING];
    }
  }

  int width() {
    return width;
  }

  void increment(int counter) {
    CELL.getAndAdd(stripes[Stripes.mine()], PADDING + counter, 1L);
  }

  long sum(int counter) {
    long sum = 0;
    for (long[] stripe : stripes) {
      sum += (long) CELL.getVolatile(stripe, PADDING + counter);
    }
    return sum;
  }
}
