package dev.mlops.training.internal;

import dev.mlops.data.Feature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A fitted change of columns as plain data: what it learned, and the columns it gives. A missing
 * value stays {@code NaN} unless the transform fills it. Immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // fitted state, never handed out of internal packages
public sealed interface FittedTransform {

  /** Returns the columns that come out, in order. */
  List<Feature> columns();

  /** Changes one row; {@code in} is as wide as the columns that come in. */
  void apply(double[] in, double[] out);

  /** Returns for each column that comes out the feature it is made of, given those going in. */
  default int[] sources(int[] in) {
    return in;
  }

  /** Fills missing values: {@code out = NaN(in) ? values : in}; a NaN in values fills nothing. */
  record Fill(List<Feature> columns, double[] values) implements FittedTransform {
    @Override
    public void apply(double[] in, double[] out) {
      for (int j = 0; j < in.length; j++) {
        out[j] = Double.isNaN(in[j]) ? values[j] : in[j];
      }
    }
  }

  /** Copies all columns and appends for each source 1 if it is missing, else 0. */
  record Indicate(List<Feature> columns, int[] sources) implements FittedTransform {
    @Override
    public void apply(double[] in, double[] out) {
      System.arraycopy(in, 0, out, 0, in.length);
      for (int s = 0; s < sources.length; s++) {
        out[in.length + s] = Double.isNaN(in[sources[s]]) ? 1 : 0;
      }
    }

    @Override
    public int[] sources(int[] in) {
      return IntStream.concat(Arrays.stream(in), Arrays.stream(sources).map(source -> in[source]))
          .toArray();
    }
  }

  /** Scales: {@code out = (in - shift) / scale}; 0 and 1 leave a column as it is. */
  record Scale(List<Feature> columns, double[] shift, double[] scale) implements FittedTransform {
    @Override
    public void apply(double[] in, double[] out) {
      for (int j = 0; j < in.length; j++) {
        out[j] = (in[j] - shift[j]) / scale[j];
      }
    }
  }

  /**
   * One-hot: an input column of width 0 is copied; one of width w becomes w columns, 1 at the index
   * that it holds. An unknown category gives zeros, a missing one gives NaN in all w.
   */
  record Expand(List<Feature> columns, int[] widths) implements FittedTransform {
    @Override
    public void apply(double[] in, double[] out) {
      int at = 0;
      for (int j = 0; j < in.length; j++) {
        if (widths[j] == 0) {
          out[at++] = in[j];
          continue;
        }
        boolean missing = Double.isNaN(in[j]);
        for (int c = 0; c < widths[j]; c++) {
          out[at++] = missing ? Double.NaN : in[j] == c ? 1 : 0;
        }
      }
    }

    @Override
    public int[] sources(int[] in) {
      return IntStream.range(0, in.length)
          .flatMap(j -> IntStream.generate(() -> in[j]).limit(Math.max(1, widths[j])))
          .toArray();
    }
  }

  /** Takes category indices as numbers: only the kind of column changes. */
  record Recode(List<Feature> columns) implements FittedTransform {
    @Override
    public void apply(double[] in, double[] out) {
      System.arraycopy(in, 0, out, 0, in.length);
    }
  }

  /** Bins: the number of edges at or below the value; no edges array leaves a column as it is. */
  record Cut(List<Feature> columns, List<double[]> edges, boolean[] binned)
      implements FittedTransform {
    @Override
    public void apply(double[] in, double[] out) {
      for (int j = 0; j < in.length; j++) {
        out[j] = binned[j] && !Double.isNaN(in[j]) ? bin(edges.get(j), in[j]) : in[j];
      }
    }

    private static int bin(double[] edges, double value) {
      int bin = 0;
      while (bin < edges.length && edges[bin] <= value) {
        bin++;
      }
      return bin;
    }
  }
}
