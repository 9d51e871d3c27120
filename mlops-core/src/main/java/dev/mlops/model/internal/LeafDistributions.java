package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every leaf has one weighted score per class; scores are shares of their sum. The sum is taken in
 * the order in which the leaf lists its classes, because the order decides the last bit.
 */
final class LeafDistributions implements LeafRule {
  static final int TAG = 3;

  private final int classes;
  private final double[] values;
  private final int[] orders;
  private final boolean pair;
  private final int first;

  /**
   * Creates the rule.
   *
   * @param classes the number of classes; leaves hold the number of a distribution
   * @param values weight times score, one per class and distribution; the last one all 0
   * @param orders the classes of every distribution in the order in which they are summed
   */
  LeafDistributions(int classes, double[] values, int[] orders) {
    this.classes = classes;
    this.values = values;
    this.orders = orders;
    boolean same = true;
    for (int i = classes; i < orders.length - classes; i++) {
      same &= orders[i] == orders[i - classes];
    }
    this.pair = classes == 2 && same;
    this.first = orders[0];
  }

  @Override
  public int outputs() {
    return classes;
  }

  @Override
  public int neutralLeaf() {
    return values.length / classes - 1;
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
    if (pair) {
      return addPairs(carry, scores, a, b, c, d, e, f, g, h);
    }
    double sum = one(carry, scores, a);
    sum = one(sum, scores, b);
    sum = one(sum, scores, c);
    sum = one(sum, scores, d);
    sum = one(sum, scores, e);
    sum = one(sum, scores, f);
    sum = one(sum, scores, g);
    return one(sum, scores, h);
  }

  /** Two classes that every leaf lists in the same order: no look-ups, all sums in registers. */
  private double addPairs(
      double carry, double[] scores, int a, int b, int c, int d, int e, int f, int g, int h) {
    final double[] values = this.values;
    double p0 = values[2 * a];
    double q0 = values[2 * a + 1];
    double p1 = values[2 * b];
    double q1 = values[2 * b + 1];
    double p2 = values[2 * c];
    double q2 = values[2 * c + 1];
    double p3 = values[2 * d];
    double q3 = values[2 * d + 1];
    double p4 = values[2 * e];
    double q4 = values[2 * e + 1];
    double p5 = values[2 * f];
    double q5 = values[2 * f + 1];
    double p6 = values[2 * g];
    double q6 = values[2 * g + 1];
    double p7 = values[2 * h];
    double q7 = values[2 * h + 1];
    scores[0] = scores[0] + p0 + p1 + p2 + p3 + p4 + p5 + p6 + p7;
    scores[1] = scores[1] + q0 + q1 + q2 + q3 + q4 + q5 + q6 + q7;
    return first == 0
        ? carry + p0 + q0 + p1 + q1 + p2 + q2 + p3 + q3 + p4 + q4 + p5 + q5 + p6 + q6 + p7 + q7
        : carry + q0 + p0 + q1 + p1 + q2 + p2 + q3 + p3 + q4 + p4 + q5 + p5 + q6 + p6 + q7 + p7;
  }

  private double one(double carry, double[] scores, int leaf) {
    int from = leaf * classes;
    double sum = carry;
    for (int k = 0; k < classes; k++) {
      int at = orders[from + k];
      double value = values[from + at];
      sum += value;
      scores[at] += value;
    }
    return sum;
  }

  @Override
  public void finish(double carry, double[] scores) {
    for (int k = 0; k < classes; k++) {
      scores[k] /= carry;
    }
  }

  @Override
  public Optional<Additive.Leaves> leaves(List<TreeNode> trees) {
    double total = 0;
    for (TreeNode tree : trees) {
      double weight = weight(tree);
      if (Double.isNaN(weight)) {
        return Optional.empty(); // the sum to divide by depends on the row
      }
      total += weight;
    }
    double all = total;
    return Optional.of(new Additive.Leaves(new double[classes], false, (tree, leaf) -> {
      double[] scores = Arrays.copyOfRange(values, leaf * classes, (leaf + 1) * classes);
      for (int k = 0; k < classes; k++) {
        scores[k] /= all;
      }
      return scores;
    }));
  }

  /** What every leaf of a tree sums to; NaN if they differ by more than rounding. */
  private double weight(TreeNode node) {
    if (node instanceof TreeNode.Split split) {
      double left = weight(split.left());
      double right = weight(split.right());
      return Math.abs(left - right) <= 1e-12 * Math.abs(left) ? left : Double.NaN;
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += values[((TreeNode.Leaf) node).value() * classes + k];
    }
    return sum;
  }

  @Override
  public void check(FlatTrees trees) {
    LeafRule.checkLeaves(trees, values.length / classes - 1);
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void writeBody(FlatWriter out) {
    out.putInt(classes);
    out.putDoubles(values);
    char[] narrow = new char[orders.length];
    for (int i = 0; i < orders.length; i++) {
      narrow[i] = (char) orders[i];
    }
    out.putChars(narrow);
  }

  static LeafDistributions readBody(FlatReader in) {
    int classes = in.getInt("classes", 2, 1 << 16);
    double[] values = in.getDoubles();
    char[] narrow = in.getChars();
    FlatReader.require(
        values.length == narrow.length
            && values.length % classes == 0
            && values.length >= 2 * classes,
        "distributions are incomplete");
    int[] orders = new int[narrow.length];
    for (int i = 0; i < orders.length; i++) {
      FlatReader.require(narrow[i] < classes, "a distribution names class " + (int) narrow[i]);
      orders[i] = narrow[i];
    }
    return new LeafDistributions(classes, values, orders);
  }

  @Override
  public String describe() {
    return "averaging trees";
  }
}
