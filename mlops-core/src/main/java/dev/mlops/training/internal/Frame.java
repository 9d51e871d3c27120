package dev.mlops.training.internal;

import dev.mlops.data.Feature;
import java.util.List;

/** Training rows on their way through the steps; not copied, only used inside one training. */
@SuppressWarnings("ArrayRecordComponent") // working storage of one training
public record Frame(List<Feature> columns, double[][] rows, double[] targets) {

  /** Returns the rows after a transform. */
  public Frame after(FittedTransform transform) {
    double[][] out = new double[rows.length][transform.columns().size()];
    for (int i = 0; i < rows.length; i++) {
      transform.apply(rows[i], out[i]);
    }
    return new Frame(transform.columns(), out, targets);
  }

  /** Returns the present values of a column, sorted. */
  double[] sortedPresent(int column) {
    double[] values = new double[rows.length];
    int n = 0;
    for (double[] row : rows) {
      if (!Double.isNaN(row[column])) {
        values[n++] = row[column];
      }
    }
    double[] present = java.util.Arrays.copyOf(values, n);
    java.util.Arrays.sort(present);
    return present;
  }
}
