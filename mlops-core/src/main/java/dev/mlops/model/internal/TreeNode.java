package dev.mlops.model.internal;

/** A decision tree while it is being compiled. Immutable. */
public sealed interface TreeNode {

  /** Returns the number of nodes from here down. */
  int size();

  /**
   * A leaf.
   *
   * @param value what it says: a class, the number of a stored value, or the bits of a float
   */
  record Leaf(int value) implements TreeNode {
    @Override
    public int size() {
      return 1;
    }
  }

  /**
   * A decision: right if the input is above the threshold, left otherwise.
   *
   * @param input the input's position
   * @param threshold the threshold
   * @param left where a value at or below the threshold goes
   * @param right where a value above it goes
   * @param missingRight where an absent value goes, if the model has a rule for that
   * @param size the number of nodes from here down
   */
  record Split(
      int input, double threshold, TreeNode left, TreeNode right, boolean missingRight, int size)
      implements TreeNode {

    /** Creates a decision without a rule for absent values. */
    public Split(int input, double threshold, TreeNode left, TreeNode right) {
      this(input, threshold, left, right, false);
    }

    /** Creates a decision. */
    public Split(int input, double threshold, TreeNode left, TreeNode right, boolean missingRight) {
      this(input, threshold, left, right, missingRight, left.size() + right.size() + 1);
    }
  }
}
