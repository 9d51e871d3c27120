package dev.mlops.drift.internal;

import java.util.Arrays;

/*
 * The exact two-sample distance of a window to a sorted reference in linear time, without sorting
 * the window. Cells of the reference bound F1 - F2 everywhere: at the end of each cell the
 * difference is known, and inside an open cell it cannot exceed
 *   max(F1(end) - F2(start), F2(end) - F1(start)).
 * Only cells whose bound exceeds the best difference at a cell end are looked into; the few window
 * values in them are sorted and merged with the reference values of the cell. All in integers.
 */
public final class ExactDistance {
  private final double[] reference;
  private final NumericCells cells;
  private final long[] cumulative;

  public ExactDistance(double[] sortedReference, NumericCells cells, long[] cumulative) {
    this.reference = sortedReference;
    this.cells = cells;
    this.cumulative = cumulative;
  }

  double[] reference() {
    return reference;
  }

  /** A distance and where it is attained. */
  public record At(double distance, double location) {}

  /** The window has no NaN and at least one value. */
  public At distance(double[] window) {
    int m = window.length;
    long n = reference.length;
    int size = cells.size();
    int[] cellOf = new int[m];
    int[] counts = new int[size];
    for (int i = 0; i < m; i++) {
      int c = cells.cell(window[i]);
      cellOf[i] = c;
      counts[c]++;
    }
    long best = -1;
    int bestCell = 0;
    long seen = 0;
    for (int c = 0; c < size; c++) {
      seen += counts[c];
      long v = Math.abs(cumulative[c] * m - seen * n);
      if (v > best) {
        best = v;
        bestCell = c;
      }
    }
    double location = cellEnd(bestCell, window);
    int[] slotOf = new int[size];
    int wanted = 0;
    seen = 0;
    long before = 0;
    for (int c = 0; c < size; c++) {
      long seenBefore = seen;
      seen += counts[c];
      long after = cumulative[c];
      slotOf[c] = -1;
      if ((c & 1) == 0 && counts[c] > 0 && after > before) {
        long bound = Math.max(after * m - seenBefore * n, seen * n - before * m);
        if (bound > best) {
          slotOf[c] = wanted;
          wanted += counts[c];
        }
      }
      before = after;
    }
    if (wanted > 0) {
      double[] inside = new double[wanted];
      int[] fill = slotOf.clone();
      for (int i = 0; i < m; i++) {
        int c = cellOf[i];
        if (slotOf[c] >= 0) {
          inside[fill[c]++] = window[i];
        }
      }
      seen = 0;
      before = 0;
      for (int c = 0; c < size; c++) {
        if (slotOf[c] >= 0) {
          int j = slotOf[c];
          int end = j + counts[c];
          Arrays.sort(inside, j, end);
          int i = (int) before;
          long g = seen;
          while (i < cumulative[c] || j < end) {
            double v = i < cumulative[c] && (j == end || reference[i] <= inside[j])
                ? reference[i]
                : inside[j];
            while (i < cumulative[c] && reference[i] == v) {
              i++;
            }
            while (j < end && inside[j] == v) {
              j++;
              g++;
            }
            long difference = Math.abs((long) i * m - g * n);
            if (difference > best) {
              best = difference;
              location = v;
            }
          }
        }
        seen += counts[c];
        before = cumulative[c];
      }
    }
    return new At((double) best / ((double) n * m), location);
  }

  /** A value at which both distribution functions have what they have at the end of the cell. */
  private double cellEnd(int c, double[] window) {
    if ((c & 1) == 1) {
      return cells.edge(c / 2);
    }
    if (cumulative[c] > (c == 0 ? 0 : cumulative[c - 1])) {
      return reference[(int) cumulative[c] - 1];
    }
    double last = c == 0 ? Double.NEGATIVE_INFINITY : cells.edge(c / 2 - 1);
    for (double v : window) {
      if (v > last && cells.cell(v) == c) {
        last = v;
      }
    }
    return last;
  }
}
