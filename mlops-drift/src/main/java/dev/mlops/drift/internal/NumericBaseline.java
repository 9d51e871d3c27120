package dev.mlops.drift.internal;

import dev.mlops.drift.Baseline;
import dev.mlops.drift.Columns;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A numeric reference: quantile cells, exact counts in them, and moments of the finite values. */
public final class NumericBaseline implements FeatureBaseline {
  private final String name;
  private final NumericCells cells;
  private final long[] counts;
  private final long[] cumulative;
  private final long missing;
  private final long infinite;
  private final Moments moments;
  private final @Nullable ReferenceIndex exact;

  /** Moments of the finite reference values, NaN where there are none. */
  public record Moments(
      double mean,
      double standardDeviation,
      double min,
      double q1,
      double median,
      double q3,
      double max) {
    public static final Moments NONE = new Moments(
        Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  /** From stored counters. With no value at all there is one edge, 0, and nothing in any cell. */
  public NumericBaseline(
      String name, double[] edges, long[] counts, long missing, long infinite, Moments moments) {
    this(name, edges, counts, missing, infinite, moments, null);
  }

  private NumericBaseline(
      String name,
      double[] edges,
      long[] counts,
      long missing,
      long infinite,
      Moments moments,
      double @Nullable [] sorted) {
    this.name = name;
    this.cells = new NumericCells(edges);
    this.counts = counts;
    this.missing = missing;
    this.infinite = infinite;
    this.moments = moments;
    this.cumulative = counts.clone();
    Arrays.parallelPrefix(cumulative, Long::sum);
    this.exact = sorted == null ? null : new ReferenceIndex(sorted);
  }

  /** Fits a column in which NaN is missing. */
  public static NumericBaseline fit(String name, double[] column, Baseline.Options options) {
    double[] sorted = present(column);
    Arrays.sort(sorted);
    double[] edges = sorted.length == 0
        ? new double[] {0}
        : NumericCells.quantileEdges(sorted, options.maxEdges());
    long[] counts = new long[2 * edges.length + 1];
    int i = 0;
    for (int k = 0; k < edges.length; k++) {
      int from = i;
      while (i < sorted.length && sorted[i] < edges[k]) {
        i++;
      }
      counts[2 * k] = i - from;
      from = i;
      while (i < sorted.length && sorted[i] == edges[k]) {
        i++;
      }
      counts[2 * k + 1] = i - from;
    }
    counts[2 * edges.length] = sorted.length - i;
    int low = 0;
    while (low < sorted.length && sorted[low] == Double.NEGATIVE_INFINITY) {
      low++;
    }
    int high = sorted.length;
    while (high > low && sorted[high - 1] == Double.POSITIVE_INFINITY) {
      high--;
    }
    return new NumericBaseline(
        name,
        edges,
        counts,
        column.length - sorted.length,
        low + (sorted.length - high),
        moments(sorted, low, high),
        options.keepReference() && sorted.length > 0 ? sorted : null);
  }

  /** The values that are not NaN, with signed zeros joined. */
  public static double[] present(double[] column) {
    double[] values = new double[column.length];
    int n = 0;
    for (double v : column) {
      if (!Double.isNaN(v)) {
        values[n++] = v + 0.0;
      }
    }
    return n == values.length ? values : Arrays.copyOf(values, n);
  }

  private static Moments moments(double[] sorted, int low, int high) {
    int n = high - low;
    if (n == 0) {
      return Moments.NONE;
    }
    double mean = 0;
    double squares = 0;
    for (int i = low; i < high; i++) {
      double delta = sorted[i] - mean;
      mean += delta / (i - low + 1);
      squares += delta * (sorted[i] - mean);
    }
    return new Moments(
        mean,
        Math.sqrt(squares / n),
        sorted[low],
        quantile(sorted, low, n, 0.25),
        quantile(sorted, low, n, 0.5),
        quantile(sorted, low, n, 0.75),
        sorted[high - 1]);
  }

  private static double quantile(double[] sorted, int low, int n, double q) {
    double position = q * (n - 1);
    int i = (int) position;
    double a = sorted[low + i];
    double b = sorted[low + Math.min(n - 1, i + 1)];
    double f = position - i;
    return a * (1 - f) + b * f;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Columns.Kind kind() {
    return Columns.Kind.NUMERIC;
  }

  @Override
  public int cells() {
    return counts.length;
  }

  @Override
  public long count(int cell) {
    return counts[cell];
  }

  @Override
  public long missing() {
    return missing;
  }

  @Override
  public long infinite() {
    return infinite;
  }

  @Override
  public long present() {
    return cumulative[cumulative.length - 1];
  }

  public NumericCells partition() {
    return cells;
  }

  public Moments moments() {
    return moments;
  }

  /** Present while the reference values are kept. */
  public @Nullable ReferenceIndex exact() {
    return exact;
  }

  /** The sorted reference values while they are kept. */
  public double @Nullable [] values() {
    return exact == null ? null : exact.reference();
  }

  /** The single value of a constant reference, NaN if it is not constant. */
  public double constant() {
    return cells.edgeCount() == 1 && present() > 0 && counts[1] == present()
        ? cells.edge(0)
        : Double.NaN;
  }
}
