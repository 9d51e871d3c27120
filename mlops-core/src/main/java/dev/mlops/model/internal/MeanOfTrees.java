package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The weighted mean of the trees' numbers, kept up to date tree by tree: {@code mean += w/W ·
 * (value - mean)} with W the weight so far (West, "Updating mean and variance estimates", CACM 22,
 * 1979), as the averaging combiner of the training library does.
 */
final class MeanOfTrees implements LeafRule {
  static final int TAG = 5;

  private final double[] values;
  private final double[] shares;
  private final double[] padded;

  /**
   * Creates the rule.
   *
   * @param values the numbers; leaves hold the position of one
   * @param shares weight over weight so far, per tree
   */
  MeanOfTrees(double[] values, double[] shares) {
    this.values = values;
    this.shares = shares;
    this.padded = Arrays.copyOf(shares, (shares.length + 7) / 8 * 8);
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public int neutralLeaf() {
    return 0; // any number will do: its share is 0
  }

  @Override
  public double begin(double[] scores) {
    return 0;
  }

  @Override
  public double add(
      double carry,
      double[] scores,
      int group,
      int a,
      int b,
      int c,
      int d,
      int e,
      int f,
      int g,
      int h) {
    int t = group * 8;
    double mean = carry;
    mean += padded[t] * (values[a] - mean);
    mean += padded[t + 1] * (values[b] - mean);
    mean += padded[t + 2] * (values[c] - mean);
    mean += padded[t + 3] * (values[d] - mean);
    mean += padded[t + 4] * (values[e] - mean);
    mean += padded[t + 5] * (values[f] - mean);
    mean += padded[t + 6] * (values[g] - mean);
    return mean + padded[t + 7] * (values[h] - mean);
  }

  @Override
  public void finish(double carry, double[] scores) {
    scores[0] = carry;
  }

  @Override
  public Optional<Additive.Leaves> leaves(List<TreeNode> trees) {
    // shares are weights over the weight so far; what is left of a tree's is its part of the whole
    double[] parts = shares.clone();
    double left = 1;
    for (int t = parts.length - 1; t >= 0; t--) {
      parts[t] *= left;
      left *= 1 - shares[t];
    }
    return Optional.of(new Additive.Leaves(
        new double[1], false, (tree, leaf) -> new double[] {parts[tree] * values[leaf]}));
  }

  @Override
  public void check(FlatTrees trees) {
    LeafRule.checkLeaves(trees, values.length);
    FlatReader.require(shares.length == trees.trees(), "one share per tree");
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void writeBody(FlatWriter out) {
    out.putDoubles(values);
    out.putDoubles(shares);
  }

  static MeanOfTrees readBody(FlatReader in) {
    return new MeanOfTrees(in.getDoubles(), in.getDoubles());
  }

  @Override
  public String describe() {
    return "regression trees";
  }
}
