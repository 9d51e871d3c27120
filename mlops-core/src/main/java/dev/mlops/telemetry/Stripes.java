package dev.mlops.telemetry;

/*
 * Spreads threads over separate memory, so that counting threads do not fight for a cache line. Ids
 * of threads are given out one by one: neighbours in a pool get different stripes.
 */
final class Stripes {
  private static final int MAX = 16;

  static final int COUNT =
      Math.min(MAX, Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() - 1));

  private Stripes() {}

  static int mine() {
    return (int) Thread.currentThread().getId() & (COUNT - 1);
  }
}
