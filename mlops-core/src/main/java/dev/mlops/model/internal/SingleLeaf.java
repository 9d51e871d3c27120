package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One tree; its leaf lists the scores as they are, one per class or the one predicted number. */
final class SingleLeaf implements LeafRule {
  static final int TAG = 4;

  private final int outputs;
  private final double[] values;

  /**
   * Creates the rule.
   *
   * @param outputs the number of scores; leaves hold the number of a list of scores
   * @param values the lists one after the other
   */
  SingleLeaf(int outputs, double[] values) {
    this.outputs = outputs;
    this.values = values;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public int neutralLeaf() {
    return 0;
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
    System.arraycopy(values, a * outputs, scores, 0, outputs);
    return carry;
  }

  @Override
  public void finish(double carry, double[] scores) {}

  @Override
  public Optional<Additive.Leaves> leaves(List<TreeNode> trees) {
    return Optional.of(new Additive.Leaves(
        new double[outputs],
        false,
        (tree, leaf) -> Arrays.copyOfRange(values, leaf * outputs, (leaf + 1) * outputs)));
  }

  @Override
  public void check(FlatTrees trees) {
    LeafRule.checkLeaves(trees, values.length / outputs);
    FlatReader.require(trees.trees() == 1, "one tree expected, found " + trees.trees());
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void writeBody(FlatWriter out) {
    out.putInt(outputs);
    out.putDoubles(values);
  }

  static SingleLeaf readBody(FlatReader in) {
    return new SingleLeaf(in.getInt("scores", 1, 1 << 16), in.getDoubles());
  }

  @Override
  public String describe() {
    return "decision tree";
  }
}
