package dev.mlops.model.internal;

import dev.mlops.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * An XGBoost model as read from one of its files, before it is compiled. Immutable.
 *
 * @param objective the objective's name, which decides the link
 * @param classes the number of margins, at least 1
 * @param base where margins start, already in margin space
 * @param features how many columns it reads
 * @param trees the trees in training order
 * @param treeClass the margin that each tree adds to
 */
public record BoostedModel(
    String objective, int classes, float base, int features, List<Tree> trees, int[] treeClass) {
  /** More classes than this are refused before arrays of them are made. */
  public static final int MAX_CLASSES = 1 << 16;

  /**
   * One tree as arrays, one entry per node; node 0 is the root.
   *
   * @param left left children, -1 in a leaf
   * @param right right children
   * @param feature the column that a split reads
   * @param condition a split's threshold (left if below), a leaf's value
   * @param missingLeft where an absent value goes
   */
  public record Tree(
      int[] left, int[] right, int[] feature, float[] condition, boolean[] missingLeft) {}

  /**
   * Refuses a file that is sound but needs what only XGBoost itself has.
   *
   * @param holds whether it is supported
   * @param what names what is not
   * @throws InvalidInputException if it is not supported
   */
  public static void supported(boolean holds, String what) {
    if (!holds) {
      throw new InvalidInputException("XGBoost models with " + what + " are not supported");
    }
  }

  /**
   * Compiles the model.
   *
   * @param inputs the number of inputs
   * @param inputOf the input that each column is
   * @param outputOf the output that each margin is
   * @return the kernel
   * @throws InvalidInputException if the objective or the size is not supported
   */
  public ForestKernel compile(int inputs, int[] inputOf, int[] outputOf) {
    BoostedTrees.Link link = switch (objective) {
      case "multi:softprob", "multi:softmax" -> BoostedTrees.Link.SOFTMAX;
      case "binary:logistic" -> BoostedTrees.Link.LOGISTIC;
      case "reg:logistic" -> BoostedTrees.Link.LOGISTIC_QUANTITY;
      case "reg:squarederror",
          "reg:linear",
          "reg:absoluteerror",
          "reg:pseudohubererror",
          "reg:squaredlogerror",
          "rank:pairwise",
          "rank:ndcg",
          "rank:map",
          "reg:quantileerror" -> BoostedTrees.Link.IDENTITY;
      case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox" -> BoostedTrees.Link.EXP;
      default ->
        throw new InvalidInputException("XGBoost objective '" + objective + "' is not supported");
    };
    if (classes > 1 && link != BoostedTrees.Link.SOFTMAX && link != BoostedTrees.Link.IDENTITY) {
      throw new InvalidInputException(
          "XGBoost objective '" + objective + "' has one margin, the model " + classes);
    }
    if (inputs > FlatTrees.MAX_INPUTS) {
      throw new InvalidInputException("trees over more than " + FlatTrees.MAX_INPUTS
          + " inputs are not supported, got " + inputs);
    }
    List<TreeNode> roots = new ArrayList<>();
    char[] classOfTree = new char[trees.size()];
    for (int t = 0; t < trees.size(); t++) {
      roots.add(node(trees.get(t), 0, inputOf));
      classOfTree[t] = (char) outputOf[treeClass[t]];
    }
    return new ForestKernel(
        inputs, FlatTrees.of(roots), new BoostedTrees(link, classes, base, classOfTree));
  }

  private static TreeNode node(Tree tree, int i, int[] inputOf) {
    if (tree.left[i] < 0) {
      return new TreeNode.Leaf(Float.floatToRawIntBits(tree.condition[i]));
    }
    return new TreeNode.Split(
        inputOf[tree.feature[i]],
        cut(tree.condition[i]),
        node(tree, tree.left[i], inputOf),
        node(tree, tree.right[i], inputOf),
        !tree.missingLeft[i]);
  }

  /**
   * Finds the double threshold that splits doubles as the float condition splits floats: XGBoost
   * rounds a value to float and goes right if it is not below the condition.
   *
   * @return the largest double that, rounded to float, is below {@code condition}
   */
  static double cut(float condition) {
    float below = Math.nextDown(condition);
    double middle = below == Float.NEGATIVE_INFINITY
        ? -0x1.ffffffp127 // beyond this, rounding to float gives infinity
        : ((double) below + (double) condition) / 2;
    return (float) middle >= condition ? Math.nextDown(middle) : middle;
  }

  /**
   * Converts a base score from the space of scores, in which files keep it, to margins.
   *
   * @param objective the objective's name
   * @param score the score
   * @return the margin
   */
  public static float marginOf(String objective, float score) {
    return switch (objective) {
      case "binary:logistic", "reg:logistic" -> -(float) Math.log(1f / score - 1f);
      case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox" -> (float) Math.log(score);
      default -> score;
    };
  }
}
