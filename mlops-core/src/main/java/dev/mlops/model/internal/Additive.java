package dev.mlops.model.internal;

import java.util.List;

/**
 * A compiled model as a sum, which is what exact explanations need: what trees, or weighted inputs,
 * add to each output before a link makes scores of the sums. Immutable; arrays are not copied and
 * not to be changed.
 */
public sealed interface Additive {

  /** Tells whether a link follows, so that sums are log odds or logarithms and no scores. */
  boolean margin();

  /** Tells whether an absent input has a meaning of its own; otherwise it counts as 0. */
  default boolean followsMissing() {
    return false;
  }

  /**
   * Trees whose leaves add up.
   *
   * @param trees the trees
   * @param leaves what their leaves add
   * @param followsMissing whether splits say where an absent input goes
   */
  record Trees(List<TreeNode> trees, Leaves leaves, boolean followsMissing) implements Additive {
    /** Creates a sum of trees. */
    public Trees {
      trees = List.copyOf(trees);
    }

    @Override
    public boolean margin() {
      return leaves.margin();
    }
  }

  /**
   * What leaves add.
   *
   * @param base what the sums start from, one per output
   * @param margin whether a link follows
   * @param values the values of each leaf
   */
  @SuppressWarnings("ArrayRecordComponent") // never handed out of internal packages
  record Leaves(double[] base, boolean margin, LeafValues values) {}

  /** Gives what one leaf adds to each output. */
  @FunctionalInterface
  interface LeafValues {
    /** Returns a new array with one value per output. */
    double[] of(int tree, int leaf);
  }

  /**
   * Weighted inputs.
   *
   * @param weights one row per output with one weight per input
   * @param biases one per output
   * @param margin whether a link follows
   */
  @SuppressWarnings("ArrayRecordComponent") // never handed out of internal packages
  record Linear(double[][] weights, double[] biases, boolean margin) implements Additive {}
}
