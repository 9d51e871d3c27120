package dev.mlops.drift.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * The exact two-sample distance of a window to a sorted reference in time linear in the window,
 * without sorting it.
 *
 * A monotone map sends every value to a bucket: equally wide buckets, or equally wide in the bits of
 * the value (heavy tails), or the quantile cells of NumericCells (ties, clusters); the cheapest map
 * that spreads the reference is kept. At the end of each bucket F1 and F2 are known, which bounds
 * F1 - F2 inside it by max(F1(end) - F2(start), F2(end) - F1(start)). Only buckets whose bound exceeds
 * the best difference at a bucket end are looked into: their window values are sorted, and as F2
 * changes only there, F1 - F2 is extreme at a window value or just before it. Ranks in the reference
 * are found by bisection within the bucket.
 *
 * A window much shorter than the reference uses 2^shift buckets as one, so that the cost follows the
 * window and not the reference. Differences are compared as i*m - j*n in longs: nothing is rounded.
 */
public final class ReferenceIndex {
  private static final int MAX_BUCKETS = 1 << 16;
  private static final int SHORT = 8192;
  private static final int CROWDED = 64;
  private static final int QUANTILES = 4096;

  private enum Map {
    LINEAR,
    BITS,
    QUANTILE
  }

  private final double[] reference;
  private final Map map;
  private final int last;
  private final double origin;
  private final double scale;
  private final long keyOrigin;
  private final int keyShift;
  private final NumericCells cells;
  /** cumulative[b] = how many reference values lie in buckets below b. */
  private final int[] cumulative;

  /** Sorted, with signed zeros joined, no NaN, at least one value. */
  public ReferenceIndex(double[] sorted) {
    reference = sorted;
    int n = sorted.length;
    // A short reference has little to scan and gains from fine buckets; a long one is bound by
    // memory.
    int perBucket = n < SHORT ? 1 : 4;
    int buckets = Integer.highestOneBit(Math.max(64, Math.min(MAX_BUCKETS, n / perBucket)));
    double low = sorted[0];
    double high = sorted[n - 1];
    double width = high - low;
    origin = low;
    scale = width > 0 && width < Double.POSITIVE_INFINITY ? (buckets - 1) / width : 0;
    keyOrigin = key(low);
    long span = key(high) - keyOrigin;
    int s = 0;
    while (span >>> s >= buckets) {
      s++;
    }
    keyShift = s;
    cells = new NumericCells(NumericCells.quantileEdges(sorted, Math.min(QUANTILES, buckets)));
    Map best = Map.LINEAR;
    int[] table = cumulate(Map.LINEAR, buckets);
    double work = scale == 0 ? Double.POSITIVE_INFINITY : crowding(table);
    if (work > 2 * perBucket * Math.max(1.0, n / (double) perBucket / buckets)) {
      int[] byBits = cumulate(Map.BITS, buckets);
      if (crowding(byBits) < work) {
        best = Map.BITS;
        table = byBits;
        work = crowding(byBits);
      }
    }
    if (work > CROWDED) {
      best = Map.QUANTILE;
      table = cumulate(Map.QUANTILE, cells.size());
    }
    map = best;
    cumulative = table;
    last = table.length - 2;
  }

  /** A distance, where it is attained, and whether F1 is above F2 there. */
  public record At(double distance, double location, int sign) {}

  public double[] reference() {
    return reference;
  }

  private static long key(double x) {
    long b = Double.doubleToRawLongBits(x + 0.0);
    return (b ^ ((b >> 63) >>> 1)) >> 2;
  }

  private int bucket(Map by, double x, int top) {
    return switch (by) {
      case LINEAR -> Math.max(0, Math.min(top, (int) ((x - origin) * scale)));
      case BITS -> (int) Math.max(0, Math.min(top, (key(x) - keyOrigin) >> keyShift));
      case QUANTILE -> cells.cell(x);
    };
  }

  private int[] cumulate(Map by, int buckets) {
    int[] table = new int[buckets + 1];
    for (double x : reference) {
      table[bucket(by, x, buckets - 1) + 1]++;
    }
    for (int b = 0; b < buckets; b++) {
      table[b + 1] += table[b];
    }
    return table;
  }

  /** How many reference values share the bucket of a random reference value. */
  private double crowding(int[] table) {
    double sum = 0;
    for (int b = 0; b + 1 < table.length; b++) {
      double c = table[b + 1] - table[b];
      sum += c * c;
    }
    return sum / reference.length;
  }

  /** The window has at least one value; returns null if it contains NaN. */
  public @Nullable At distance(double[] window) {
    int m = window.length;
    long n = reference.length;
    int shift = 0;
    while (last >> shift > 256 && last >> shift > 2L * m) {
      shift++;
    }
    int size = (last >> shift) + 1;
    char[] bucketOf = new char[m];
    int[] counts = new int[size];
    if (!assign(window, bucketOf, counts, shift)) {
      return null;
    }
    long above = 0;
    long below = 0;
    int aboveAt = -1;
    int belowAt = -1;
    long seen = 0;
    for (int b = 0; b < size; b++) {
      seen += counts[b];
      long v = (long) end(b, shift) * m - seen * n;
      if (v > above) {
        above = v;
        aboveAt = b;
      } else if (v < below) {
        below = v;
        belowAt = b;
      }
    }
    long best = Math.max(above, -below);
    boolean positive = above >= -below;
    int[] place = new int[size];
    int wanted = 0;
    seen = 0;
    long before = 0;
    boolean exactCells = map == Map.QUANTILE && shift == 0;
    for (int b = 0; b < size; b++) {
      long seenBefore = seen;
      seen += counts[b];
      long after = end(b, shift);
      place[b] = -1;
      if (counts[b] > 0 && after > before && !(exactCells && (b & 1) == 1)) {
        // An equal bound matters only to give a tie of D+ and D- the positive sign.
        long up = after * m - seenBefore * n;
        if (up > best || (up == best && !positive) || seen * n - before * m > best) {
          place[b] = wanted;
          wanted += counts[b];
        }
      }
      before = after;
    }
    int at = positive ? aboveAt : belowAt;
    double location = Double.NaN;
    if (wanted > 0) {
      double[] inside = gather(window, bucketOf, place, wanted);
      seen = 0;
      for (int b = 0; b < size; b++) {
        if (place[b] >= 0) {
          // Gathering moved each start to the end of its slice.
          int to = place[b];
          int from = to - counts[b];
          Arrays.sort(inside, from, to);
          for (int j = from; j < to; ) {
            double v = inside[j];
            int next = j + 1;
            while (next < to && inside[next] == v) {
              next++;
            }
            int fine = bucket(map, v, last);
            int smaller = rank(v, cumulative[fine], cumulative[fine + 1], false);
            int upTo = rank(v, smaller, cumulative[fine + 1], true);
            long up = (long) smaller * m - (seen + j - from) * n;
            long down = (long) upTo * m - (seen + next - from) * n;
            if (up > best || (up == best && !positive)) {
              best = up;
              positive = true;
              location = smaller > 0 ? reference[smaller - 1] : v;
            }
            if (-down > best) {
              best = -down;
              positive = false;
              location = v;
            }
            // With ties F1 also jumps at v, so the difference just after it can be the largest.
            if (down > best) {
              best = down;
              positive = true;
              location = v;
            }
            j = next;
          }
        }
        seen += counts[b];
      }
    }
    if (Double.isNaN(location)) {
      location = at < 0 ? reference[0] : bucketEnd(at, shift, window, bucketOf);
    }
    return new At((double) best / ((double) n * m), location, positive ? 1 : -1);
  }

  private int end(int coarse, int shift) {
    return cumulative[Math.min(last, ((coarse + 1) << shift) - 1) + 1];
  }

  /**
   * Fills buckets and counts; false if a value is NaN. One loop per map keeps each of them tight.
   */
  private boolean assign(double[] window, char[] bucketOf, int[] counts, int shift) {
    boolean clean = true;
    int top = last;
    switch (map) {
      case LINEAR -> {
        double o = origin;
        double s = scale;
        for (int i = 0; i < window.length; i++) {
          double x = window[i];
          clean &= !Double.isNaN(x);
          int b = Math.max(0, Math.min(top, (int) ((x - o) * s))) >> shift;
          bucketOf[i] = (char) b;
          counts[b]++;
        }
      }
      case BITS -> {
        for (int i = 0; i < window.length; i++) {
          double x = window[i];
          clean &= !Double.isNaN(x);
          int b = (int) Math.max(0, Math.min(top, (key(x) - keyOrigin) >> keyShift)) >> shift;
          bucketOf[i] = (char) b;
          counts[b]++;
        }
      }
      case QUANTILE -> {
        for (int i = 0; i < window.length; i++) {
          double x = window[i];
          if (Double.isNaN(x)) {
            return false;
          }
          int b = cells.cell(x) >> shift;
          bucketOf[i] = (char) b;
          counts[b]++;
        }
      }
    }
    return clean;
  }

  private static double[] gather(double[] window, char[] bucketOf, int[] place, int wanted) {
    double[] inside = new double[wanted];
    for (int i = 0; i < window.length; i++) {
      int b = bucketOf[i];
      if (place[b] >= 0) {
        inside[place[b]++] = window[i] + 0.0;
      }
    }
    return inside;
  }

  /**
   * How many reference values are below v (or, if inclusive, at most v), known to lie in a range.
   */
  private int rank(double v, int from, int to, boolean inclusive) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      double r = reference[middle];
      if (r < v || (inclusive && r == v)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The largest value of either sample up to the end of a bucket. */
  private double bucketEnd(int coarse, int shift, double[] window, char[] bucketOf) {
    int upTo = end(coarse, shift);
    double location = upTo > 0 ? reference[upTo - 1] : Double.NEGATIVE_INFINITY;
    for (int i = 0; i < window.length; i++) {
      if (bucketOf[i] <= coarse && window[i] > location) {
        location = window[i];
      }
    }
    return location;
  }
}
