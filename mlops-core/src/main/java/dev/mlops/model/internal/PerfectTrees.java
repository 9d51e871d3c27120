package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/*
 * Shallow trees, each filled up to the same depth.
 *
 * Layout. All trees are one heap with as many roots as there are trees: of n trees, the roots are the
 * nodes n to 2n - 1, and the children of node i are 2i and 2i + 1, so that no pointer is stored and
 * a walk needs not know in which tree it is. A node is one int, the code of its threshold and its
 * input (SplitCodes). A leaf above the last level becomes a subtree of nodes that lead left and
 * whose leaves all say what it said. A hundred trees of depth 8 take 260 kB.
 *
 * Walk. All trees go down a level before any goes down the next: no step waits for the one before it.
 * A step is eleven instructions, none of them a branch that depends on data. Arrays are as long as a
 * power of two: masking an index costs less than checking it.
 */
/** Shallow trees without pointers. */
final class PerfectTrees implements TreeWalk {
  private static final int MAX_DEPTH = 8;
  private static final int MAX_SIZE = SplitCodes.MAX_THRESHOLDS;

  /** With more, the compiler nests the loop over them in another, which takes registers. */
  private static final int TREES_AT_ONCE = 512;

  private final FlatTrees trees;
  private final LeafRule rule;
  private final int depth;
  private final SplitCodes codes;
  private final int[] nodes;
  private final BitSet missingRight = new BitSet();
  private final int[] leaves;
  private final int[][] roots;
  private final ScratchPool<Scratch> scratch;

  /** What a row needs while it is scored: its codes, and where it is in each tree. */
  private record Scratch(int[] codes, int[][] at) {}

  PerfectTrees(FlatTrees trees, LeafRule rule, int[] places, int inputs) {
    this.trees = trees;
    this.rule = rule;
    this.depth = trees.depth();
    this.codes = new SplitCodes(trees, inputs);
    int size = Integer.highestOneBit(Math.max(1, (places.length << depth) - 1)) << 1;
    this.nodes = new int[size];
    this.leaves = new int[size];
    TreeNode padding = new TreeNode.Leaf(rule.neutralLeaf());
    List<TreeNode> stored = trees.roots();
    for (int place = 0; place < places.length; place++) {
      TreeNode root = places[place] < 0 ? padding : stored.get(places[place]);
      fill(root, places.length + place, 0);
    }
    this.roots = roots(places.length);
    this.scratch = new ScratchPool<>(() -> new Scratch(
        new int[codes.rowLength()], Arrays.stream(roots).map(int[]::clone).toArray(int[][]::new)));
  }

  private static int[][] roots(int places) {
    int[][] roots = new int[(places + TREES_AT_ONCE - 1) / TREES_AT_ONCE][];
    for (int part = 0; part < roots.length; part++) {
      int from = part * TREES_AT_ONCE;
      roots[part] = IntStream.range(from, Math.min(places, from + TREES_AT_ONCE))
          .map(place -> places + place)
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
    if (level == depth) {
      leaves[number & leaves.length - 1] = ((TreeNode.Leaf) node).value();
    } else if (node instanceof TreeNode.Split split) {
      nodes[number] = codes.ofThreshold(split.input(), split.threshold());
      missingRight.set(number, split.missingRight());
      fill(split.left(), 2 * number, level + 1);
      fill(split.right(), 2 * number + 1, level + 1);
    } else {
      nodes[number] = codes.above(0);
      fill(node, 2 * number, level + 1);
      fill(node, 2 * number + 1, level + 1);
    }
  }

  @Override
  public void score(double[] x, double[] scores) {
    final Scratch scratch = this.scratch.borrow();
    final int[] codes = scratch.codes;
    this.codes.ofRow(x, codes);
    double carry = rule.begin(scores);
    for (int part = 0; part < roots.length; part++) {
      final int[] at = scratch.at[part];
      System.arraycopy(roots[part], 0, at, 0, at.length);
      for (int level = 0; level < depth; level++) {
        descend(nodes, codes, at);
      }
      carry = rule.addAll(carry, scores, part * TREES_AT_ONCE / WIDTH, leaves, at);
    }
    rule.finish(carry, scores);
    this.scratch.giveBack(scratch);
  }

  /*
   * One level down in every tree. Written out for eight trees at a time: so it is too large to be
   * compiled into its caller (FreqInlineSize), where registers would not suffice for it.
   */
  private static void descend(int[] nodes, int[] codes, int[] at) {
    int to = Math.min(at.length, TREES_AT_ONCE) - 7;
    for (int i = 0; i < to; i += WIDTH) {
      int a = at[i] & nodes.length - 1;
      int node = nodes[a];
      at[i] = 2 * a + (node - codes[node & codes.length - 1] >>> 31);
      int b = at[i + 1] & nodes.length - 1;
      node = nodes[b];
      at[i + 1] = 2 * b + (node - codes[node & codes.length - 1] >>> 31);
      int c = at[i + 2] & nodes.length - 1;
      node = nodes[c];
      at[i + 2] = 2 * c + (node - codes[node & codes.length - 1] >>> 31);
      int d = at[i + 3] & nodes.length - 1;
      node = nodes[d];
      at[i + 3] = 2 * d + (node - codes[node & codes.length - 1] >>> 31);
      int e = at[i + 4] & nodes.length - 1;
      node = nodes[e];
      at[i + 4] = 2 * e + (node - codes[node & codes.length - 1] >>> 31);
      int f = at[i + 5] & nodes.length - 1;
      node = nodes[f];
      at[i + 5] = 2 * f + (node - codes[node & codes.length - 1] >>> 31);
      int g = at[i + 6] & nodes.length - 1;
      node = nodes[g];
      at[i + 6] = 2 * g + (node - codes[node & codes.length - 1] >>> 31);
      int h = at[i + 7] & nodes.length - 1;
      node = nodes[h];
      at[i + 7] = 2 * h + (node - codes[node & codes.length - 1] >>> 31);
    }
  }

  @Override
  public void scoreWithAbsent(double[] x, double[] scores) {
    Scratch scratch = this.scratch.borrow();
    codes.ofRow(x, scratch.codes);
    double carry = rule.begin(scores);
    for (int part = 0; part < roots.length; part++) {
      int[] at = scratch.at[part];
      for (int i = 0; i < at.length; i++) {
        at[i] = leaf(x, scratch.codes, roots[part][i]);
      }
      carry = rule.addAll(carry, scores, part * TREES_AT_ONCE / WIDTH, leaves, at);
    }
    rule.finish(carry, scores);
    this.scratch.giveBack(scratch);
  }

  private int leaf(double[] x, int[] codes, int root) {
    int number = root;
    for (int level = 0; level < depth; level++) {
      int node = nodes[number];
      int input = node & codes.length - 1;
      boolean right = Double.isNaN(x[input]) ? missingRight.get(number) : node < codes[input];
      number = 2 * number + (right ? 1 : 0);
    }
    return number;
  }

  @Override
  public FlatTrees trees() {
    return trees;
  }
}
