package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.List;

/** Makes forest kernels of each kind; the way in for compilers. */
public final class Forests {
  /** The largest number of inputs that a forest can read. */
  public static final int MAX_INPUTS = FlatTrees.MAX_INPUTS;

  private Forests() {}

  /**
   * Trees that vote; leaves hold classes.
   *
   * @param inputs the number of inputs
   * @param trees the trees
   * @param classes the number of classes
   * @param weights one per tree
   * @return the kernel
   */
  public static ForestKernel votes(int inputs, List<TreeNode> trees, int classes, float[] weights) {
    boolean uniform = true;
    double total = 0;
    for (float weight : weights) {
      uniform &= weight == weights[0];
      total += weight;
    }
    if (!uniform) {
      double[] wide = new double[weights.length];
      for (int t = 0; t < wide.length; t++) {
        wide[t] = weights[t];
      }
      return new ForestKernel(inputs, FlatTrees.of(trees), new WeightedVotes(classes, wide));
    }
    double[] worth = new double[weights.length + 1];
    double sum = 0;
    for (int votes = 0; votes < worth.length; votes++) {
      worth[votes] = sum / total;
      sum += weights[0];
    }
    return new ForestKernel(inputs, FlatTrees.of(trees), new UniformVotes(classes, worth));
  }

  /**
   * Trees whose leaves hold the number of a weighted distribution.
   *
   * @param inputs the number of inputs
   * @param trees the trees
   * @param classes the number of classes
   * @param values the distributions one after the other
   * @param orders the classes of each distribution in the order in which they are summed
   * @return the kernel
   */
  public static ForestKernel distributions(
      int inputs, List<TreeNode> trees, int classes, double[] values, int[] orders) {
    double[] padded = Arrays.copyOf(values, values.length + classes);
    int[] paddedOrders = Arrays.copyOf(orders, orders.length + classes);
    return new ForestKernel(
        inputs, FlatTrees.of(trees), new LeafDistributions(classes, padded, paddedOrders));
  }

  /**
   * One tree whose leaves hold the number of a list of scores.
   *
   * @param inputs the number of inputs
   * @param tree the tree
   * @param outputs the number of scores
   * @param values the lists one after the other
   * @return the kernel
   */
  public static ForestKernel single(int inputs, TreeNode tree, int outputs, double[] values) {
    return new ForestKernel(inputs, FlatTrees.of(List.of(tree)), new SingleLeaf(outputs, values));
  }

  /**
   * Trees whose leaves hold the position of a number, averaged.
   *
   * @param inputs the number of inputs
   * @param trees the trees
   * @param values the numbers
   * @param weights one per tree
   * @return the kernel
   */
  public static ForestKernel mean(
      int inputs, List<TreeNode> trees, double[] values, float[] weights) {
    double[] shares = new double[weights.length];
    double sum = 0;
    for (int t = 0; t < weights.length; t++) {
      sum += weights[t];
      shares[t] = weights[t] / sum;
    }
    return new ForestKernel(inputs, FlatTrees.of(trees), new MeanOfTrees(values, shares));
  }
}
