package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/*
 * Many decision trees over one row.
 *
 * Layout. A node is two longs: [0] the bits of the threshold, [1] input << 48 | flags << 32 |
 * position of the left child; the right child follows its sibling, two longs further on. A leaf is
 * [0] a NaN whose low 32 bits are what the leaf says, [1] its own position. Nothing compares above
 * NaN, so a leaf leads to itself and a walk needs no test for having arrived.
 *
 * Walk. Eight trees are in flight at once, which hides the latency of the loads, and the step has
 * no branch that depends on data: child + (x[input] > threshold ? 2 : 0). Trees are grouped by
 * eight, the last group padded with a leaf that changes nothing. Groups of shallow trees take a
 * fixed number of steps; groups of deep ones stop when no walk has moved for a step, looked at
 * every fourth step.
 *
 * Absent values. In models without a rule for them they read as 0, as in a sparse vector; boosted
 * trees follow the direction each split was trained with. Both are off the usual path.
 */
/** Decision trees and a rule that combines their leaves. */
public final class ForestKernel implements Kernel {
  private static final int WIDTH = 8;
  private static final int SHALLOW = 16;
  private static final long LEAF_BITS = 0x7ff8_0000_0000_0000L;

  private static final long MISSING_RIGHT = 1L << 32;
  private static final long RIGHT_FIRST = 1L << 33;

  private final LeafRule rule;
  private final int inputs;
  private final int trees;
  private final long[] nodes;
  private final int[] roots;
  private final int[] depths;
  private final boolean deep;
  private final ScratchPool scratch;

  ForestKernel(int inputs, FlatTrees trees, LeafRule rule) {
    this.inputs = inputs;
    this.trees = trees.trees();
    this.rule = rule;
    this.scratch = new ScratchPool(inputs);
    int[] first = new int[trees.trees()];
    int[] depth = new int[trees.trees()];
    this.nodes = new long[2 * (trees.nodes().length + 1)];
    expand(trees, nodes, first, depth);
    int pad = nodes.length - 2;
    nodes[pad] = LEAF_BITS | (rule.neutralLeaf() & 0xffffffffL);
    nodes[pad + 1] = pad;
    int[] places = rule.places(trees.trees(), WIDTH);
    this.roots = new int[places.length];
    this.depths = new int[places.length / WIDTH];
    int deepest = 0;
    for (int i = 0; i < places.length; i++) {
      int tree = places[i];
      roots[i] = tree < 0 ? pad : first[tree];
      depths[i / WIDTH] = Math.max(depths[i / WIDTH], tree < 0 ? 0 : depth[tree]);
      deepest = Math.max(deepest, depths[i / WIDTH]);
    }
    this.deep = deepest > SHALLOW;
  }

  private static void expand(FlatTrees trees, long[] nodes, int[] first, int[] depth) {
    char[] in = trees.nodes();
    double[] thresholds = trees.thresholds();
    int[] leaves = trees.leaves();
    int[] stack = new int[64];
    int next = 0;
    int split = 0;
    int leaf = 0;
    int i = 0;
    for (int t = 0; t < first.length; t++) {
      first[t] = next;
      stack[0] = next;
      stack[1] = 0;
      next += 2;
      int open = 2;
      while (open > 0) {
        int level = stack[--open];
        int at = stack[--open];
        char node = in[i++];
        if (node == FlatTrees.LEAF) {
          nodes[at] = LEAF_BITS | (leaves[leaf++] & 0xffffffffL);
          nodes[at + 1] = at;
          depth[t] = Math.max(depth[t], level);
        } else {
          nodes[at] = Double.doubleToRawLongBits(thresholds[split++]);
          nodes[at + 1] = (long) (node & FlatTrees.INPUT) << 48
              | ((node & FlatTrees.MISSING_RIGHT) != 0 ? MISSING_RIGHT : 0)
              | ((node & FlatTrees.RIGHT_FIRST) != 0 ? RIGHT_FIRST : 0)
              | next;
          if (open + 4 > stack.length) {
            stack = Arrays.copyOf(stack, 2 * stack.length);
          }
          boolean rightFirst = (node & FlatTrees.RIGHT_FIRST) != 0;
          stack[open++] = rightFirst ? next : next + 2;
          stack[open++] = level + 1;
          stack[open++] = rightFirst ? next + 2 : next;
          stack[open++] = level + 1;
          next += 4;
        }
      }
    }
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return rule.outputs();
  }

  @Override
  public void score(double[] x, double[] scores) {
    if (!Rows.allFinite(x) && Rows.absent(x) > 0) {
      scoreWithAbsent(x, scores);
    } else if (deep) {
      walkDeep(x, scores);
    } else {
      walkShallow(x, scores);
    }
  }

  private void scoreWithAbsent(double[] x, double[] scores) {
    if (rule.followsMissing()) {
      walkMissing(x, scores);
      return;
    }
    double[] dense = scratch.borrow();
    Rows.copyAbsentAsZero(x, dense);
    walkDeep(dense, scores);
    scratch.giveBack(dense);
  }

  private static int step(long[] nodes, double[] x, int at) {
    long link = nodes[at + 1];
    return (int) link + (x[(int) (link >>> 48)] > Double.longBitsToDouble(nodes[at]) ? 2 : 0);
  }

  private void walkShallow(double[] x, double[] scores) {
    final long[] nodes = this.nodes;
    final int[] roots = this.roots;
    final int[] depths = this.depths;
    final LeafRule rule = this.rule;
    double carry = rule.begin(scores);
    for (int g = 0; g < depths.length; g++) {
      int r = g * WIDTH;
      int a = roots[r];
      int b = roots[r + 1];
      int c = roots[r + 2];
      int d = roots[r + 3];
      int e = roots[r + 4];
      int f = roots[r + 5];
      int h = roots[r + 6];
      int i = roots[r + 7];
      for (int left = depths[g]; left > 0; left--) {
        a = step(nodes, x, a);
        b = step(nodes, x, b);
        c = step(nodes, x, c);
        d = step(nodes, x, d);
        e = step(nodes, x, e);
        f = step(nodes, x, f);
        h = step(nodes, x, h);
        i = step(nodes, x, i);
      }
      carry = rule.add(
          carry,
          scores,
          g,
          (int) nodes[a],
          (int) nodes[b],
          (int) nodes[c],
          (int) nodes[d],
          (int) nodes[e],
          (int) nodes[f],
          (int) nodes[h],
          (int) nodes[i]);
    }
    rule.finish(carry, scores);
  }

  private void walkDeep(double[] x, double[] scores) {
    final long[] nodes = this.nodes;
    final int[] roots = this.roots;
    final int[] depths = this.depths;
    final LeafRule rule = this.rule;
    double carry = rule.begin(scores);
    for (int g = 0; g < depths.length; g++) {
      int r = g * WIDTH;
      int a = roots[r];
      int b = roots[r + 1];
      int c = roots[r + 2];
      int d = roots[r + 3];
      int e = roots[r + 4];
      int f = roots[r + 5];
      int h = roots[r + 6];
      int i = roots[r + 7];
      int moved = 1;
      while (moved != 0) {
        for (int k = 0; k < 3; k++) {
          a = step(nodes, x, a);
          b = step(nodes, x, b);
          c = step(nodes, x, c);
          d = step(nodes, x, d);
          e = step(nodes, x, e);
          f = step(nodes, x, f);
          h = step(nodes, x, h);
          i = step(nodes, x, i);
        }
        int a0 = a;
        int b0 = b;
        int c0 = c;
        int d0 = d;
        int e0 = e;
        int f0 = f;
        int h0 = h;
        int i0 = i;
        a = step(nodes, x, a);
        b = step(nodes, x, b);
        c = step(nodes, x, c);
        d = step(nodes, x, d);
        e = step(nodes, x, e);
        f = step(nodes, x, f);
        h = step(nodes, x, h);
        i = step(nodes, x, i);
        moved = a0 ^ a | b0 ^ b | c0 ^ c | d0 ^ d | e0 ^ e | f0 ^ f | h0 ^ h | i0 ^ i;
      }
      carry = rule.add(
          carry,
          scores,
          g,
          (int) nodes[a],
          (int) nodes[b],
          (int) nodes[c],
          (int) nodes[d],
          (int) nodes[e],
          (int) nodes[f],
          (int) nodes[h],
          (int) nodes[i]);
    }
    rule.finish(carry, scores);
  }

  /** One tree at a time, following the trained direction where a value is absent. */
  private void walkMissing(double[] x, double[] scores) {
    double carry = rule.begin(scores);
    for (int g = 0; g < depths.length; g++) {
      int r = g * WIDTH;
      carry = rule.add(
          carry,
          scores,
          g,
          leaf(x, roots[r]),
          leaf(x, roots[r + 1]),
          leaf(x, roots[r + 2]),
          leaf(x, roots[r + 3]),
          leaf(x, roots[r + 4]),
          leaf(x, roots[r + 5]),
          leaf(x, roots[r + 6]),
          leaf(x, roots[r + 7]));
    }
    rule.finish(carry, scores);
  }

  private int leaf(double[] x, int root) {
    int at = root;
    while (true) {
      long link = nodes[at + 1];
      if ((int) link == at) {
        return (int) nodes[at];
      }
      double value = x[(int) (link >>> 48)];
      boolean right = Double.isNaN(value)
          ? (link & MISSING_RIGHT) != 0
          : value > Double.longBitsToDouble(nodes[at]);
      at = (int) link + (right ? 2 : 0);
    }
  }

  @Override
  public void write(FlatWriter out) {
    out.putInt(inputs);
    rule.write(out);
    collect().write(out);
  }

  /** The inverse of {@link #expand}: kept out of memory because only a new model is written. */
  FlatTrees collect() {
    int size = nodes.length / 2 - 1;
    int splits = (size - trees) / 2;
    char[] encoded = new char[size];
    double[] thresholds = new double[splits];
    int[] leaves = new int[size - splits];
    int[] stack = new int[size + 1];
    int split = 0;
    int leaf = 0;
    int end = 0;
    for (int i = 0, open = 0; i < size; i++) {
      if (open == 0) {
        stack[open++] = end; // the next tree starts where the last one ended
        end += 2;
      }
      int at = stack[--open];
      long link = nodes[at + 1];
      int child = (int) link;
      if (child == at) {
        encoded[i] = FlatTrees.LEAF;
        leaves[leaf++] = (int) nodes[at];
      } else {
        boolean rightFirst = (link & RIGHT_FIRST) != 0;
        encoded[i] = (char) (link >>> 48
            | (rightFirst ? FlatTrees.RIGHT_FIRST : 0)
            | ((link & MISSING_RIGHT) != 0 ? FlatTrees.MISSING_RIGHT : 0));
        thresholds[split++] = Double.longBitsToDouble(nodes[at]);
        stack[open++] = rightFirst ? child : child + 2;
        stack[open++] = rightFirst ? child + 2 : child;
        end += 4;
      }
    }
    return new FlatTrees(trees, encoded, thresholds, leaves);
  }

  static ForestKernel read(FlatReader in) {
    int inputs = in.getInt("inputs of a forest", 1, FlatTrees.MAX_INPUTS);
    LeafRule rule = LeafRule.read(in);
    FlatTrees trees = FlatTrees.read(in, inputs);
    rule.check(trees);
    return new ForestKernel(inputs, trees, rule);
  }

  @Override
  public Optional<Additive> additive() {
    List<TreeNode> roots = collect().roots();
    return rule.leaves(roots).map(sums -> new Additive.Trees(roots, sums, rule.followsMissing()));
  }

  @Override
  public double tolerance() {
    return rule.tolerance();
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT, "%s, %d trees, %d nodes", rule.describe(), trees, nodes.length / 2 - 1);
  }
}
