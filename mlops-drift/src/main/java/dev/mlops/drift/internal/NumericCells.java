package dev.mlops.drift.internal;

import java.util.Arrays;

/*
 * A partition of the real line anchored on quantiles of a reference sample: K distinct edges give
 * 2K+1 cells, alternately open intervals and single points,
 *   cell 0 = (-inf, e0), 1 = {e0}, 2 = (e0, e1), ... 2K = (e[K-1], +inf).
 * Points are cells of their own so that ties with an edge are exact.
 *
 * Finding a cell costs O(1): a monotone map sends x to one of L slots, start[slot] is the first edge
 * that can lie at or above x, and on average less than one edge is left to compare. The map is either
 * linear in x or linear in the bits of x (heavy tails); the one that leaves less to compare on the
 * reference is kept. Invariant: slot is monotone, so edges in lower slots are below x and edges in
 * higher slots above. Bit keys are shifted right by two so that their differences cannot overflow.
 * The sentinel edge is NaN: it is neither below nor equal to anything, +infinity included.
 */
public final class NumericCells {
  private static final int SLOTS_PER_EDGE = 16;
  private static final int BINARY_SEARCH_ABOVE = 8;

  private final double[] edges;
  private final int count;
  private final int[] start;
  private final boolean bits;
  private final double origin;
  private final double scale;
  private final long keyOrigin;
  private final int shift;
  private final int lastSlot;

  /** The edges: distinct, ascending, at least one, not NaN, no -0.0. */
  public NumericCells(double[] edges) {
    count = edges.length;
    this.edges = Arrays.copyOf(edges, count + 1);
    this.edges[count] = Double.NaN;
    int slots = Integer.highestOneBit(Math.max(1, count - 1)) * SLOTS_PER_EDGE;
    lastSlot = slots - 1;
    double low = edges[0];
    double high = edges[count - 1];
    origin = low;
    double width = high - low;
    scale = width > 0 && width < Double.POSITIVE_INFINITY ? (slots - 1) / width : 0;
    keyOrigin = key(low);
    long span = key(high) - keyOrigin;
    int s = 0;
    while (span >>> s >= slots) {
      s++;
    }
    shift = s;
    int[] linear = slotTable(false);
    int[] byBits = slotTable(true);
    bits = occupancy(byBits) < occupancy(linear);
    start = bits ? byBits : linear;
  }

  /** Up to {@code maxEdges} equally deep quantiles of a sorted sample, first and last included. */
  public static double[] quantileEdges(double[] sorted, int maxEdges) {
    int n = sorted.length;
    double[] edges = new double[maxEdges];
    int k = 0;
    for (int i = 0; i < maxEdges; i++) {
      double v = sorted[(int) ((long) i * (n - 1) / Math.max(1, maxEdges - 1))];
      if (k == 0 || v != edges[k - 1]) {
        edges[k++] = v;
      }
    }
    return Arrays.copyOf(edges, k);
  }

  private static long key(double x) {
    long b = Double.doubleToRawLongBits(x + 0.0);
    return (b ^ ((b >> 63) >>> 1)) >> 2;
  }

  private int linearSlot(double x) {
    return Math.max(0, Math.min(lastSlot, (int) ((x - origin) * scale)));
  }

  private int bitSlot(double x) {
    return (int) Math.max(0, Math.min(lastSlot, (key(x) - keyOrigin) >> shift));
  }

  private int[] slotTable(boolean byBits) {
    int[] table = new int[lastSlot + 2];
    int k = 0;
    for (int slot = 0; slot <= lastSlot + 1; slot++) {
      while (k < count && (byBits ? bitSlot(edges[k]) : linearSlot(edges[k])) < slot) {
        k++;
      }
      table[slot] = k;
    }
    return table;
  }

  /** Edges are equally deep, so the work left for a random reference value is that of its edge. */
  private static double occupancy(int[] table) {
    double work = 0;
    for (int slot = 0; slot + 1 < table.length; slot++) {
      int inSlot = table[slot + 1] - table[slot];
      work += inSlot * Math.log1p(inSlot);
    }
    return work;
  }

  /** How many cells there are. */
  public int size() {
    return 2 * count + 1;
  }

  public int edgeCount() {
    return count;
  }

  public double edge(int i) {
    return edges[i];
  }

  /** The cell of x, which is not NaN. */
  public int cell(double x) {
    int slot = bits ? bitSlot(x) : linearSlot(x);
    int low = start[slot];
    int high = start[slot + 1];
    double[] e = edges;
    if (high - low > BINARY_SEARCH_ABOVE) {
      low = search(x, low, high);
    } else {
      while (e[low] < x) {
        low++;
      }
    }
    return 2 * low + (e[low] == x ? 1 : 0);
  }

  private int search(double x, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (edges[middle] < x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Adds the finite values of a column to the counters; returns how many values were not finite.
   */
  public int count(double[] values, int from, int to, long[] counters, int offset) {
    int notFinite = 0;
    double[] e = edges;
    int[] table = start;
    for (int i = from; i < to; i++) {
      double x = values[i];
      if (!Double.isFinite(x)) {
        notFinite++;
        continue;
      }
      int slot = bits ? bitSlot(x) : linearSlot(x);
      int low = table[slot];
      if (table[slot + 1] - low > BINARY_SEARCH_ABOVE) {
        low = search(x, low, table[slot + 1]);
      } else {
        while (e[low] < x) {
          low++;
        }
      }
      counters[offset + 2 * low + (e[low] == x ? 1 : 0)]++;
    }
    return notFinite;
  }
}
