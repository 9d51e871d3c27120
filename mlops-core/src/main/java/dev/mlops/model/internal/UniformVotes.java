package dev.mlops.model.internal;

import java.util.List;
import java.util.Optional;

/**
 * Every tree votes for one class with the same weight. Votes are counted, and a table says what a
 * count is worth: the sum of so many equal weights does not depend on their order.
 */
final class UniformVotes implements LeafRule {
  static final int TAG = 1;

  private final int classes;
  private final double[] worth;
  private final int padding;

  /**
   * Creates the rule.
   *
   * @param classes the number of classes; leaves hold the class
   * @param worth the score of 0, 1, … votes, one entry more than there are trees
   */
  UniformVotes(int classes, double[] worth) {
    this.classes = classes;
    this.worth = worth;
    int trees = worth.length - 1;
    this.padding = (8 - trees % 8) % 8;
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
    if (classes > 2) {
      for (int k = 1; k < classes; k++) {
        scores[k] = 0;
      }
      scores[0] = -padding; // the padding votes for class 0
    }
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
    if (classes == 2) {
      return carry + (a + b + c + d + (e + f + g + h));
    }
    scores[a]++;
    scores[b]++;
    scores[c]++;
    scores[d]++;
    scores[e]++;
    scores[f]++;
    scores[g]++;
    scores[h]++;
    return carry;
  }

  @Override
  public void finish(double carry, double[] scores) {
    if (classes == 2) {
      int votes = (int) carry;
      scores[1] = worth[votes];
      scores[0] = worth[worth.length - 1 - votes];
      return;
    }
    for (int k = 0; k < classes; k++) {
      scores[k] = worth[(int) scores[k]];
    }
  }

  @Override
  public Optional<Additive.Leaves> leaves(List<TreeNode> trees) {
    double part = 1.0 / trees.size();
    return Optional.of(new Additive.Leaves(new double[classes], false, (tree, leaf) -> {
      double[] votes = new double[classes];
      votes[leaf] = part;
      return votes;
    }));
  }

  @Override
  public void check(FlatTrees trees) {
    LeafRule.checkLeaves(trees, classes);
    FlatReader.require(
        worth.length == trees.trees() + 1,
        "votes of " + trees.trees() + " trees need as many worths");
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void writeBody(FlatWriter out) {
    out.putInt(classes);
    out.putDoubles(worth);
  }

  static UniformVotes readBody(FlatReader in) {
    int classes = in.getInt("classes", 2, 1 << 16);
    double[] worth = in.getDoubles();
    FlatReader.require(worth.length > 1, "votes need at least one tree");
    return new UniformVotes(classes, worth);
  }

  @Override
  public String describe() {
    return "voting trees";
  }
}
