package dev.mlops.telemetry;

/*
 * Remembers what growing counters stood at when each slice of time began. A window's count is a
 * difference of two readings, so every event is counted in exactly one slice however late its
 * thread comes. Guarded by the owner's lock.
 */
final class CounterHistory {
  private final StripedCounters counters;
  private final long[] readings;
  private final int slots;
  private final int width;
  private final long first;
  private long current;

  CounterHistory(StripedCounters counters, int slots, long first) {
    this.counters = counters;
    this.slots = slots;
    this.width = counters.width();
    this.readings = new long[slots * width];
    this.first = first;
    this.current = first;
  }

  /** Begins every slice up to the given one; those nobody counted in begin with equal readings. */
  void roll(long slice) {
    long from = Math.max(current + 1, slice - slots + 1);
    for (int i = 0; from <= slice && i < width; i++) {
      long reading = counters.sum(i);
      for (long s = from; s <= slice; s++) {
        readings[slot(s) + i] = reading;
      }
    }
    current = Math.max(current, slice);
  }

  /** Returns how much each counter grew since a slice began. */
  long[] since(long slice) {
    long from = Math.max(first, slice);
    if (from <= current - slots) {
      throw new IllegalStateException("slice " + slice + " is forgotten");
    }
    long[] growth = new long[width];
    for (int i = 0; i < width; i++) {
      growth[i] = counters.sum(i) - readings[slot(from) + i];
    }
    return growth;
  }

  private int slot(long slice) {
    return (int) (slice % slots) * width;
  }
}
