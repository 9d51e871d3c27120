package dev.mlops.training.tribuo.compile;

import dev.mlops.model.internal.Forests;
import dev.mlops.model.internal.Kernel;
import dev.mlops.model.internal.TreeNode;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.rtree.IndependentRegressionTreeModel;

/** Compiles single decision trees, and gives ensembles their parts. */
final class TreeCompiler {
  private TreeCompiler() {}

  static Kernel compile(Model<?> model, Signature signature) {
    requireInputs(signature);
    if (signature.classification()) {
      TreeModel<Label> tree = cast(model);
      var scores = new ValueTable(signature.outputs());
      TreeNode root = node(
          tree.getRoot(),
          tree.getFeatureIDMap(),
          signature,
          leaf -> scores.add(scoresOf(leaf, signature)));
      return Forests.single(signature.inputs(), root, signature.outputs(), scores.values());
    }
    TreeModel<Regressor> tree = cast(model);
    var numbers = new ValueTable(1);
    TreeNode root = regression(tree, signature, numbers);
    return Forests.single(signature.inputs(), root, 1, numbers.values());
  }

  static TreeNode regression(TreeModel<Regressor> tree, Signature signature, ValueTable numbers) {
    return node(
        root(tree),
        tree.getFeatureIDMap(),
        signature,
        leaf -> numbers.add(new double[] {leaf.getOutput().getValues()[0]}));
  }

  private static Node<Regressor> root(TreeModel<Regressor> tree) {
    if (tree instanceof IndependentRegressionTreeModel independent) {
      return independent.getRoots().values().iterator().next();
    }
    return tree.getRoot();
  }

  static void requireInputs(Signature signature) {
    if (signature.inputs() > Forests.MAX_INPUTS) {
      throw new NotCompilable(
          "trees over more than " + Forests.MAX_INPUTS + " inputs, got " + signature.inputs());
    }
  }

  private static double[] scoresOf(LeafNode<Label> leaf, Signature signature) {
    double[] scores = new double[signature.outputs()];
    leaf.getDistribution()
        .forEach((name, label) -> scores[signature.classOf(name)] = label.getScore());
    return scores;
  }

  /** Copies a tree. A split between two leaves that say the same decides nothing and is dropped. */
  static <T extends org.tribuo.Output<T>> TreeNode node(
      Node<T> node,
      ImmutableFeatureMap features,
      Signature signature,
      ToIntFunction<LeafNode<T>> leafValue) {
    if (node instanceof LeafNode<T> leaf) {
      return new TreeNode.Leaf(leafValue.applyAsInt(leaf));
    }
    if (!(node instanceof SplitNode<T> split)) {
      throw new NotCompilable("a tree has a node of " + node.getClass().getName());
    }
    TreeNode left = node(split.getLessThanOrEqual(), features, signature, leafValue);
    TreeNode right = node(split.getGreaterThan(), features, signature, leafValue);
    if (left instanceof TreeNode.Leaf && left.equals(right)) {
      return left;
    }
    return new TreeNode.Split(
        signature.inputOf(features, split.getFeatureID()), split.splitValue(), left, right);
  }

  @SuppressWarnings("unchecked") // the kind of output follows from the schema's target
  static <T extends org.tribuo.Output<T>> TreeModel<T> cast(Model<?> model) {
    if (!(model instanceof TreeModel<?>)) {
      throw new NotCompilable("a tree was expected, found " + model.getClass().getName());
    }
    return (TreeModel<T>) model;
  }

  /** Numbers lists of values, equal ones alike. */
  static final class ValueTable {
    private final java.util.Map<java.util.List<Double>, Integer> known = new java.util.HashMap<>();
    private final int width;
    private double[] values = new double[64];
    private int size;

    ValueTable(int width) {
      this.width = width;
    }

    int add(double[] list) {
      return known.computeIfAbsent(Arrays.stream(list).boxed().toList(), key -> {
        if (size + width > values.length) {
          values = Arrays.copyOf(values, Math.max(2 * values.length, size + width));
        }
        System.arraycopy(list, 0, values, size, width);
        size += width;
        return size / width - 1;
      });
    }

    double[] values() {
      return Arrays.copyOf(values, size);
    }
  }
}
