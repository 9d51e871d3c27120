package dev.mlops.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * A histogram per slice of time, in a ring. Recording takes an atomic add on the thread's own
 * stripe; a page is allocated when a power of two occurs for the first time in a slot and reused
 * ever after. Slots are cleared before their slice is announced, by the one thread that holds the
 * owner's lock: a recorder can write into a slot that is being cleared only if it was held up for a
 * whole round of the ring.
 */
final class LatencyHistory {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(int[][].class);

  private final int[][][] slots;
  private long current;

  LatencyHistory(int slots, long first) {
    this.slots = new int[slots][Stripes.COUNT * LatencyBuckets.PAGES][];
    this.current = first;
  }

  void record(long slice, long nanos) {
    int bucket = LatencyBuckets.of(nanos);
    int[][] pages = slots[(int) (slice % slots.length)];
    int at = Stripes.mine() * LatencyBuckets.PAGES + bucket / LatencyBuckets.PAGE;
    int[] page = (int[]) PAGE.getAcquire(pages, at);
    if (page == null) {
      page = newPage(pages, at);
    }
    CELL.getAndAdd(page, bucket % LatencyBuckets.PAGE, 1);
  }

  private static int[] newPage(int[][] pages, int at) {
    int[] fresh = new int[LatencyBuckets.PAGE];
    int[] other = (int[]) PAGE.compareAndExchange(pages, at, (int[]) null, fresh);
    return other == null ? fresh : other;
  }

  /** Empties the slots of all slices up to the given one that have not begun. */
  void roll(long slice) {
    long from = Math.max(current + 1, slice - slots.length + 1);
    for (long s = from; s <= slice; s++) {
      for (int @Nullable [] page : slots[(int) (s % slots.length)]) {
        if (page != null) {
          Arrays.fill(page, 0);
        }
      }
    }
    current = Math.max(current, slice);
  }

  /** Returns the counts of all buckets since a slice began. */
  long[] since(long slice) {
    long[] counts = new long[LatencyBuckets.PAGES * LatencyBuckets.PAGE];
    for (long s = Math.max(0, Math.max(slice, current - slots.length + 1)); s <= current; s++) {
      int[][] pages = slots[(int) (s % slots.length)];
      for (int i = 0; i < pages.length; i++) {
        int[] page = (int[]) PAGE.getAcquire(pages, i);
        if (page != null) {
          int base = i % LatencyBuckets.PAGES * LatencyBuckets.PAGE;
          for (int b = 0; b < page.length; b++) {
            counts[base + b] += (int) CELL.getVolatile(page, b);
          }
        }
      }
    }
    return counts;
  }
}
