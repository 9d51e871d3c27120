package dev.mlops.model.internal;

import java.util.BitSet;
import java.util.List;

/*
 * Shallow trees, each filled up to the same depth.
 *
 * Layout. The nodes of a tree are numbered from 1, the children of n are 2n and 2n + 1, so that no
 * pointer is stored. A node is one int: eight bits for the number of its input, and before
 * them what of the code of its threshold (FloatCode) fits. A leaf above the last level becomes a
 * subtree of nodes that lead left and whose leaves all say what it said. What a walk touches of a
 * hundred trees of depth 8 takes 200 kB: waiting for memory is half of its time.
 *
 * Walk. Eight trees at once take the same number of steps. A step compares ints without a branch
 * that depends on data; only where codes are equal, which is rare (one step in ten thousand with 30
 * inputs), the doubles are compared. Nodes and codes are as many as a power of two: masking an
 * index costs less than checking it.
 */
/** Shallow trees without pointers. */
final class PerfectTrees implements TreeWalk {
  static final int MAX_DEPTH = 8;
  /** More inputs would leave too little of a code. */
  static final int MAX_INPUTS = 1 << 8;

  private static final int ALWAYS_LEFT = Integer.MAX_VALUE; // above every code, also shortened

  private final FlatTrees trees;
  private final LeafRule rule;
  private final int groups;
  private final int depth;
  private static final int BITS = 8;
  private final int[] nodes;
  private final double[] thresholds;
  private final BitSet missingRight = new BitSet();
  private final int[] leaves;
  private final ScratchPool<int[]> codes;

  PerfectTrees(FlatTrees trees, LeafRule rule, int[] places, int inputs, int depth) {
    this.trees = trees;
    this.rule = rule;
    this.groups = places.length / WIDTH;
    this.depth = depth;
    int size = places.length << depth;
    this.nodes = new int[Integer.highestOneBit(size - 1) << 1];
    this.thresholds = new double[nodes.length];
    this.leaves = new int[size];
    this.codes = FloatCode.shortRows(inputs);
    TreeNode padding = new TreeNode.Leaf(rule.neutralLeaf());
    List<TreeNode> roots = trees.roots();
    for (int place = 0; place < places.length; place++) {
      fill(places[place] < 0 ? padding : roots.get(places[place]), place << depth, 1);
    }
  }

  private void fill(TreeNode node, int tree, int number) {
    int size = 1 << depth;
    if (number >= size) {
      leaves[tree + number - size] = ((TreeNode.Leaf) node).value();
    } else if (node instanceof TreeNode.Split split) {
      nodes[tree + number] = node(FloatCode.of(split.threshold()), split.input());
      thresholds[tree + number] = split.threshold();
      missingRight.set(tree + number, split.missingRight());
      fill(split.left(), tree, 2 * number);
      fill(split.right(), tree, 2 * number + 1);
    } else {
      nodes[tree + number] = node(ALWAYS_LEFT, 0);
      fill(node, tree, 2 * number);
      fill(node, tree, 2 * number + 1);
    }
  }

  private int node(int code, int input) {
    return code >> BITS << BITS | input;
  }

  private static int step(
      int[] nodes, double[] thresholds, int[] codes, double[] x, int tree, int number) {
    int at = (tree + number) & (nodes.length - 1);
    int node = nodes[at];
    int input = node & (codes.length - 1);
    int gap = (node >> BITS) - codes[input];
    int right = gap == 0 ? (x[input] > thresholds[at] ? 1 : 0) : gap >>> 31;
    return 2 * number + right;
  }

  @Override
  public void score(double[] x, double[] scores) {
    final int[] codes = this.codes.borrow();
    FloatCode.of(x, codes, BITS);
    final int[] nodes = this.nodes;
    final double[] thresholds = this.thresholds;
    final int[] leaves = this.leaves;
    final LeafRule rule = this.rule;
    final int size = 1 << depth;
    double carry = rule.begin(scores);
    for (int group = 0; group < groups; group++) {
      int t0 = group * WIDTH * size;
      int t1 = t0 + size;
      int t2 = t1 + size;
      int t3 = t2 + size;
      int t4 = t3 + size;
      int t5 = t4 + size;
      int t6 = t5 + size;
      int t7 = t6 + size;
      int a = 1;
      int b = 1;
      int c = 1;
      int d = 1;
      int e = 1;
      int f = 1;
      int g = 1;
      int h = 1;
      for (int left = depth; left > 0; left--) {
        a = step(nodes, thresholds, codes, x, t0, a);
        b = step(nodes, thresholds, codes, x, t1, b);
        c = step(nodes, thresholds, codes, x, t2, c);
        d = step(nodes, thresholds, codes, x, t3, d);
        e = step(nodes, thresholds, codes, x, t4, e);
        f = step(nodes, thresholds, codes, x, t5, f);
        g = step(nodes, thresholds, codes, x, t6, g);
        h = step(nodes, thresholds, codes, x, t7, h);
      }
      int before = t0 - size;
      carry = rule.add(
          carry,
          scores,
          group,
          leaves[before + a],
          leaves[before + size + b],
          leaves[before + 2 * size + c],
          leaves[before + 3 * size + d],
          leaves[before + 4 * size + e],
          leaves[before + 5 * size + f],
          leaves[before + 6 * size + g],
          leaves[before + 7 * size + h]);
    }
    rule.finish(carry, scores);
    this.codes.giveBack(codes);
  }

  @Override
  public void scoreWithAbsent(double[] x, double[] scores) {
    double carry = rule.begin(scores);
    for (int group = 0; group < groups; group++) {
      int place = group * WIDTH;
      carry = rule.add(
          carry,
          scores,
          group,
          leaf(x, place),
          leaf(x, place + 1),
          leaf(x, place + 2),
          leaf(x, place + 3),
          leaf(x, place + 4),
          leaf(x, place + 5),
          leaf(x, place + 6),
          leaf(x, place + 7));
    }
    rule.finish(carry, scores);
  }

  private int leaf(double[] x, int place) {
    int tree = place << depth;
    int size = 1 << depth;
    int number = 1;
    while (number < size) {
      int node = nodes[tree + number];
      double value = x[node & ((1 << BITS) - 1)];
      boolean right = node != node(ALWAYS_LEFT, 0)
          && (Double.isNaN(value)
              ? missingRight.get(tree + number)
              : value > thresholds[tree + number]);
      number = 2 * number + (right ? 1 : 0);
    }
    return leaves[tree + number - size];
  }

  @Override
  public FlatTrees trees() {
    return trees;
  }
}
