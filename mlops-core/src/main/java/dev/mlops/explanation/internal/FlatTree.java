package dev.mlops.explanation.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * A decision tree as arrays. Node 0 is the root; an inner node sends a value above its threshold to
 * {@code high}, others to {@code low}, and a missing one where {@code missingHigh} says; a leaf has
 * feature -1 and one value per output.
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out of internal packages
public record FlatTree(
    int[] feature,
    double[] threshold,
    boolean[] missingHigh,
    int[] low,
    int[] high,
    double[][] value) {

  /** Tells which way a row goes at an inner node. */
  boolean goesHigh(int node, double[] row) {
    double at = row[feature[node]];
    return Double.isNaN(at) ? missingHigh[node] : at > threshold[node];
  }

  /** Builds a tree, node by node, children after their parent. */
  public static final class Builder {
    private final List<int[]> links = new ArrayList<>();
    private final List<Double> thresholds = new ArrayList<>();
    private final List<double[]> values = new ArrayList<>();

    /** Adds a leaf and returns its index. */
    public int leaf(double[] value) {
      links.add(new int[] {-1, -1, -1, 0});
      thresholds.add(0.0);
      values.add(value);
      return links.size() - 1;
    }

    /** Adds an inner node and returns its index; its children are set later. */
    public int split(int feature, double threshold, boolean missingHigh) {
      links.add(new int[] {feature, -1, -1, missingHigh ? 1 : 0});
      thresholds.add(threshold);
      values.add(new double[0]);
      return links.size() - 1;
    }

    /** Sets the children of an inner node. */
    public void children(int node, int low, int high) {
      links.get(node)[1] = low;
      links.get(node)[2] = high;
    }

    public FlatTree build() {
      boolean[] missingHigh = new boolean[links.size()];
      for (int i = 0; i < missingHigh.length; i++) {
        missingHigh[i] = links.get(i)[3] == 1;
      }
      return new FlatTree(
          links.stream().mapToInt(l -> l[0]).toArray(),
          thresholds.stream().mapToDouble(Double::doubleValue).toArray(),
          missingHigh,
          links.stream().mapToInt(l -> l[1]).toArray(),
          links.stream().mapToInt(l -> l[2]).toArray(),
          values.toArray(double[][]::new));
    }
  }

  /** Counts how many rows pass each node; a leaf that no row reaches counts as one row. */
  double[] cover(double[][] rows) {
    double[] cover = new double[feature.length];
    for (double[] row : rows) {
      int node = 0;
      while (feature[node] >= 0) {
        node = goesHigh(node, row) ? high[node] : low[node];
      }
      cover[node]++;
    }
    sum(0, cover);
    return cover;
  }

  private double sum(int node, double[] cover) {
    cover[node] = feature[node] < 0
        ? Math.max(1, cover[node])
        : sum(low[node], cover) + sum(high[node], cover);
    return cover[node];
  }

  int depth(int node) {
    return feature[node] < 0 ? 0 : 1 + Math.max(depth(low[node]), depth(high[node]));
  }
}
