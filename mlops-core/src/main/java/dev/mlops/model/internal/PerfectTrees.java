package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/*
 * Shallow trees, each filled up to the same depth.
 *
 * Layout. All trees are one heap with as many roots as there are trees: of n trees, the roots are the
 * nodes n + 1 to 2n, and the children of node i are 2i on the left and 2i - 1 on the right, so that
 * no pointer is stored and a walk needs not know in which tree it is. A node is one long: its own
 * number in the upper bits, and the code of its threshold (SplitCodes) added below. If a value's code
 * is subtracted, what is above the codes' bits is twice the node's number, less one if the value is
 * above the threshold: the number of the child. A leaf above the last level becomes a subtree of
 * nodes that lead left and whose leaves all say what it said.
 *
 * Walk. All trees go down a level before any goes down the next: no step waits for the one before it.
 * Only the last level is gone down group by group, while what the group before says is added up. A
 * step is nine instructions, none of them a branch. Arrays are as long as a power of two: masking an
 * index costs less than checking it, and numbers need only be right up to that power.
 */
/** Shallow trees without pointers. */
final class PerfectTrees implements TreeWalk {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_SIZE = 1 << Long.SIZE - SplitCodes.BITS - 2;

  /** With more, the compiler nests the loop over them in another, which takes registers. */
  private static final int TREES_AT_ONCE = 512;

  private final FlatTrees trees;
  private final LeafRule rule;
  private final int depth;
  private final SplitCodes codes;
  private final long[] nodes;
  private final BitSet missingRight = new BitSet();
  private final int[] leaves;
  private final int[][] roots;
  private final ScratchPool<Scratch> scratch;

  /** What a row needs while it is scored: its codes, and where it is in each tree. */
  private record Scratch(long[] codes, int[][] at) {}

  PerfectTrees(FlatTrees trees, LeafRule rule, int[] places, int inputs) {
    this.trees = trees;
    this.rule = rule;
    this.depth = Math.max(1, trees.depth()); // the last level down is a step of its own
    this.codes = new SplitCodes(trees, inputs);
    int size = TreeWalk.powerOfTwo(places.length << depth);
    this.nodes = new long[size];
    this.leaves = new int[size];
    TreeNode padding = new TreeNode.Leaf(rule.neutralLeaf());
    List<TreeNode> stored = trees.roots();
    for (int place = 0; place < places.length; place++) {
      TreeNode root = places[place] < 0 ? padding : stored.get(places[place]);
      fill(root, places.length + place + 1, 0);
    }
    this.roots = roots(places.length);
    this.scratch = new ScratchPool<>(() -> new Scratch(
        new long[codes.rowLength()], Arrays.stream(roots).map(int[]::clone).toArray(int[][]::new)));
  }

  private static int[][] roots(int places) {
    int[][] roots = new int[(places + TREES_AT_ONCE - 1) / TREES_AT_ONCE][];
    for (int part = 0; part < roots.length; part++) {
      int from = part * TREES_AT_ONCE;
      roots[part] = IntStream.range(from, Math.min(places, from + TREES_AT_ONCE))
          .map(place -> places + place + 1)
          .toArray();
    }
    return roots;
  }

  /** Tells whether trees are shallow and full enough, and inputs few enough. */
  static boolean canHold(FlatTrees trees, int places, int inputs) {
    int depth = trees.depth();
    return depth <= MAX_DEPTH
        && inputs <= SplitCodes.MAX_INPUTS
        && (long) places << depth <= Math.min(MAX_SIZE, 2L * trees.nodes().length + 64);
  }

  private void fill(TreeNode node, int number, int level) {
    int at = number & nodes.length - 1;
    if (level == depth) {
      leaves[at] = ((TreeNode.Leaf) node).value();
    } else if (node instanceof TreeNode.Split split) {
      nodes[at] = node(number, codes.ofThreshold(split.input(), split.threshold()));
      missingRight.set(at, split.missingRight());
      fill(split.left(), 2 * number, level + 1);
      fill(split.right(), 2 * number - 1, level + 1);
    } else {
      nodes[at] = node(number, SplitCodes.above(0));
      fill(node, 2 * number, level + 1);
      fill(node, 2 * number - 1, level + 1);
    }
  }

  private static long node(int number, long code) {
    return ((long) number << SplitCodes.BITS + 1) + code;
  }

  @Override
  public void score(double[] x, double[] scores) {
    final Scratch scratch = this.scratch.borrow();
    final long[] codes = scratch.codes;
    this.codes.ofRow(x, codes);
    final long[] nodes = this.nodes;
    final int[] leaves = this.leaves;
    final LeafRule rule = this.rule;
    double carry = rule.begin(scores);
    int group = 0;
    for (int part = 0; part < roots.length; part++) {
      final int[] at = scratch.at[part];
      System.arraycopy(roots[part], 0, at, 0, at.length);
      for (int level = 1; level < depth; level++) {
        descend(nodes, codes, at);
      }
      for (int i = 0; i < at.length; i += WIDTH) {
        carry = rule.add(
            carry,
            scores,
            group++,
            leaf(nodes, codes, leaves, at[i]),
            leaf(nodes, codes, leaves, at[i + 1]),
            leaf(nodes, codes, leaves, at[i + 2]),
            leaf(nodes, codes, leaves, at[i + 3]),
            leaf(nodes, codes, leaves, at[i + 4]),
            leaf(nodes, codes, leaves, at[i + 5]),
            leaf(nodes, codes, leaves, at[i + 6]),
            leaf(nodes, codes, leaves, at[i + 7]));
      }
    }
    rule.finish(carry, scores);
    this.scratch.giveBack(scratch);
  }

  /** The last level down. */
  private static int leaf(long[] nodes, long[] codes, int[] leaves, int number) {
    return leaves[child(nodes, codes, number) & leaves.length - 1];
  }

  private static int child(long[] nodes, long[] codes, int number) {
    long node = nodes[number & nodes.length - 1];
    return (int) (node - codes[(int) node & codes.length - 1] >> SplitCodes.BITS);
  }

  /*
   * One level down in every tree. Written out for eight trees at a time: so it is too large to be
   * compiled into its caller (FreqInlineSize), where registers would not suffice for it.
   */
  private static void descend(long[] nodes, long[] codes, int[] at) {
    int to = Math.min(at.length, TREES_AT_ONCE) - 7;
    for (int i = 0; i < to; i += WIDTH) {
      long a = nodes[at[i] & nodes.length - 1];
      at[i] = (int) (a - codes[(int) a & codes.length - 1] >> SplitCodes.BITS);
      long b = nodes[at[i + 1] & nodes.length - 1];
      at[i + 1] = (int) (b - codes[(int) b & codes.length - 1] >> SplitCodes.BITS);
      long c = nodes[at[i + 2] & nodes.length - 1];
      at[i + 2] = (int) (c - codes[(int) c & codes.length - 1] >> SplitCodes.BITS);
      long d = nodes[at[i + 3] & nodes.length - 1];
      at[i + 3] = (int) (d - codes[(int) d & codes.length - 1] >> SplitCodes.BITS);
      long e = nodes[at[i + 4] & nodes.length - 1];
      at[i + 4] = (int) (e - codes[(int) e & codes.length - 1] >> SplitCodes.BITS);
      long f = nodes[at[i + 5] & nodes.length - 1];
      at[i + 5] = (int) (f - codes[(int) f & codes.length - 1] >> SplitCodes.BITS);
      long g = nodes[at[i + 6] & nodes.length - 1];
      at[i + 6] = (int) (g - codes[(int) g & codes.length - 1] >> SplitCodes.BITS);
      long h = nodes[at[i + 7] & nodes.length - 1];
      at[i + 7] = (int) (h - codes[(int) h & codes.length - 1] >> SplitCodes.BITS);
    }
  }

  @Override
  public void scoreWithAbsent(double[] x, double[] scores) {
    Scratch scratch = this.scratch.borrow();
    codes.ofRow(x, scratch.codes);
    double carry = rule.begin(scores);
    int group = 0;
    for (int[] part : roots) {
      for (int i = 0; i < part.length; i += WIDTH) {
        carry = rule.add(
            carry,
            scores,
            group++,
            leaf(x, scratch.codes, part[i]),
            leaf(x, scratch.codes, part[i + 1]),
            leaf(x, scratch.codes, part[i + 2]),
            leaf(x, scratch.codes, part[i + 3]),
            leaf(x, scratch.codes, part[i + 4]),
            leaf(x, scratch.codes, part[i + 5]),
            leaf(x, scratch.codes, part[i + 6]),
            leaf(x, scratch.codes, part[i + 7]));
      }
    }
    rule.finish(carry, scores);
    this.scratch.giveBack(scratch);
  }

  private int leaf(double[] x, long[] codes, int root) {
    int number = root;
    for (int level = 0; level < depth; level++) {
      int at = number & nodes.length - 1;
      boolean absent = Double.isNaN(x[(int) nodes[at] & codes.length - 1]);
      number = absent ? 2 * number - (missingRight.get(at) ? 1 : 0) : child(nodes, codes, number);
    }
    return leaves[number & leaves.length - 1];
  }

  @Override
  public FlatTrees trees() {
    return trees;
  }
}
