package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every tree votes for one class with its own weight; scores are shares of the total weight. */
final class WeightedVotes implements LeafRule {
  static final int TAG = 2;

  private final int classes;
  private final double[] weights;
  private final double[] padded;
  private final double total;

  WeightedVotes(int classes, double[] weights) {
    this.classes = classes;
    this.weights = weights;
    this.padded = Arrays.copyOf(weights, (weights.length + 7) / 8 * 8);
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    this.total = sum;
  }

  @Override
  public int outputs() {
    return classes;
  }

  @Override
  public int neutralLeaf() {
    return 0;
  }

  @Override
  public double begin(double[] scores) {
    Arrays.fill(scores, 0.0);
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
    scores[a] += padded[t];
    scores[b] += padded[t + 1];
    scores[c] += padded[t + 2];
    scores[d] += padded[t + 3];
    scores[e] += padded[t + 4];
    scores[f] += padded[t + 5];
    scores[g] += padded[t + 6];
    scores[h] += padded[t + 7];
    return carry;
  }

  @Override
  public void finish(double carry, double[] scores) {
    for (int k = 0; k < classes; k++) {
      scores[k] /= total;
    }
  }

  @Override
  public Optional<Additive.Leaves> leaves(List<TreeNode> trees) {
    return Optional.of(new Additive.Leaves(new double[classes], false, (tree, leaf) -> {
      double[] votes = new double[classes];
      votes[leaf] = weights[tree] / total;
      return votes;
    }));
  }

  @Override
  public void check(FlatTrees trees) {
    LeafRule.checkLeaves(trees, classes);
    FlatReader.require(weights.length == trees.trees(), "one weight per tree");
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void writeBody(FlatWriter out) {
    out.putInt(classes);
    out.putDoubles(weights);
  }

  static WeightedVotes readBody(FlatReader in) {
    return new WeightedVotes(in.getInt("classes", 2, 1 << 16), in.getDoubles());
  }

  @Override
  public String describe() {
    return "weighted voting trees";
  }
}
