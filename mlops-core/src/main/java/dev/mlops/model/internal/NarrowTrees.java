package dev.mlops.model.internal;

import java.util.BitSet;

/*
 * Deep trees in half the memory: what limits them is waiting for memory.
 *
 * Layout. A node is one long: the code of its threshold (FloatCode) in the upper half; below it 20
 * bits of distance to the left child, whose sibling follows it, two flags, and 10 bits of input. A
 * leaf has what it says in place of a code, distance 0, and reads the input after the last, whose
 * code is below every other: nothing is right of it, so a leaf leads to itself and a walk needs no
 * test for having arrived. What leaves say is stored with a mask, chosen so that it never becomes
 * that lowest code.
 *
 * Walk. Eight trees at once step until none has moved, looked at every fourth step. A step compares
 * ints without a branch that depends on data; only where codes are equal, which is rare, the
 * doubles are compared.
 */
/** Deep trees whose nodes take eight bytes on the usual path. */
final class NarrowTrees implements TreeWalk {
  private static final int INPUT = (1 << 10) - 1;
  private static final int MISSING_RIGHT = 1 << 10;
  private static final int RIGHT_FIRST = 1 << 11;
  private static final int DISTANCE_SHIFT = 12;
  private static final int MAX_SIZE = 1 << 20;
  private static final int LOWEST = Integer.MIN_VALUE;

  private final LeafRule rule;
  private final TreeLayout layout;
  private final int inputs;
  private final int mask;
  private final long[] nodes;
  private final double[] thresholds;
  private final int[] roots;
  private final ScratchPool<long[]> codes;

  NarrowTrees(FlatTrees trees, LeafRule rule, int[] places, int inputs) {
    this.rule = rule;
    this.inputs = inputs;
    this.mask = mask(trees.leaves(), rule.neutralLeaf());
    int padding = TreeLayout.size(trees);
    this.nodes = new long[padding + 1];
    this.thresholds = new double[padding + 1];
    this.layout = TreeLayout.place(trees, new TreeLayout.Nodes() {
      @Override
      public void split(int at, int child, char node, double threshold) {
        int flags = ((node & FlatTrees.MISSING_RIGHT) != 0 ? MISSING_RIGHT : 0)
            | ((node & FlatTrees.RIGHT_FIRST) != 0 ? RIGHT_FIRST : 0);
        int link = (child - at) << DISTANCE_SHIFT | flags | (node & FlatTrees.INPUT);
        nodes[at] = (long) FloatCode.of(threshold) << 32 | (link & 0xffff_ffffL);
        thresholds[at] = threshold;
      }

      @Override
      public void leaf(int at, int value) {
        nodes[at] = leafNode(value);
      }
    });
    nodes[padding] = leafNode(rule.neutralLeaf());
    this.roots = layout.roots(places, padding);
    this.codes = FloatCode.rows(inputs + 1);
  }

  /** Tells whether inputs and distances fit into a node. */
  static boolean canHold(FlatTrees trees, int inputs) {
    return inputs <= INPUT && trees.largest() < MAX_SIZE; // one more input is the leaves'
  }

  /** Returns the smallest mask that turns nothing that a leaf says into the lowest code. */
  private static int mask(int[] leaves, int neutral) {
    var taken = new BitSet();
    for (int i = 0; i <= leaves.length; i++) {
      int mask = (i < leaves.length ? leaves[i] : neutral) ^ LOWEST;
      if (mask >= 0 && mask <= leaves.length) { // of these and the next, one is free
        taken.set(mask);
      }
    }
    return taken.nextClearBit(0);
  }

  private long leafNode(int value) {
    return (long) (value ^ mask) << 32 | inputs;
  }

  private static int step(long[] nodes, double[] thresholds, long[] codes, double[] x, int at) {
    long node = nodes[at];
    int link = (int) node;
    int input = link & (codes.length - 1);
    long gap = (node >> 32) - codes[input];
    int right = gap == 0 ? (x[input] > thresholds[at] ? 1 : 0) : (int) (gap >>> 63);
    return at + (link >>> DISTANCE_SHIFT) + right;
  }

  private int value(int at) {
    return (int) (nodes[at] >> 32) ^ mask;
  }

  @Override
  public void score(double[] x, double[] scores) {
    final long[] codes = this.codes.borrow();
    FloatCode.of(x, codes);
    codes[inputs] = LOWEST;
    final double[] thresholds = this.thresholds;
    final long[] nodes = this.nodes;
    final int[] roots = this.roots;
    final LeafRule rule = this.rule;
    double carry = rule.begin(scores);
    for (int group = 0; group < roots.length / WIDTH; group++) {
      int place = group * WIDTH;
      int a = roots[place];
      int b = roots[place + 1];
      int c = roots[place + 2];
      int d = roots[place + 3];
      int e = roots[place + 4];
      int f = roots[place + 5];
      int g = roots[place + 6];
      int h = roots[place + 7];
      int moved = 1;
      while (moved != 0) {
        for (int k = 0; k < 3; k++) {
          a = step(nodes, thresholds, codes, x, a);
          b = step(nodes, thresholds, codes, x, b);
          c = step(nodes, thresholds, codes, x, c);
          d = step(nodes, thresholds, codes, x, d);
          e = step(nodes, thresholds, codes, x, e);
          f = step(nodes, thresholds, codes, x, f);
          g = step(nodes, thresholds, codes, x, g);
          h = step(nodes, thresholds, codes, x, h);
        }
        int a0 = a;
        int b0 = b;
        int c0 = c;
        int d0 = d;
        int e0 = e;
        int f0 = f;
        int g0 = g;
        int h0 = h;
        a = step(nodes, thresholds, codes, x, a);
        b = step(nodes, thresholds, codes, x, b);
        c = step(nodes, thresholds, codes, x, c);
        d = step(nodes, thresholds, codes, x, d);
        e = step(nodes, thresholds, codes, x, e);
        f = step(nodes, thresholds, codes, x, f);
        g = step(nodes, thresholds, codes, x, g);
        h = step(nodes, thresholds, codes, x, h);
        moved = a0 ^ a | b0 ^ b | c0 ^ c | d0 ^ d | e0 ^ e | f0 ^ f | g0 ^ g | h0 ^ h;
      }
      carry = rule.add(
          carry, scores, group, value(a), value(b), value(c), value(d), value(e), value(f),
          value(g), value(h));
    }
    rule.finish(carry, scores);
    this.codes.giveBack(codes);
  }

  @Override
  public void scoreWithAbsent(double[] x, double[] scores) {
    double carry = rule.begin(scores);
    for (int group = 0; group < roots.length / WIDTH; group++) {
      int place = group * WIDTH;
      carry = rule.add(
          carry,
          scores,
          group,
          leaf(x, roots[place]),
          leaf(x, roots[place + 1]),
          leaf(x, roots[place + 2]),
          leaf(x, roots[place + 3]),
          leaf(x, roots[place + 4]),
          leaf(x, roots[place + 5]),
          leaf(x, roots[place + 6]),
          leaf(x, roots[place + 7]));
    }
    rule.finish(carry, scores);
  }

  private int leaf(double[] x, int root) {
    int at = root;
    while (true) {
      int link = (int) nodes[at];
      int distance = link >>> DISTANCE_SHIFT;
      if (distance == 0) {
        return value(at);
      }
      double value = x[link & INPUT];
      boolean right = Double.isNaN(value) ? (link & MISSING_RIGHT) != 0 : value > thresholds[at];
      at += distance + (right ? 1 : 0);
    }
  }

  @Override
  public FlatTrees trees() {
    return layout.collect(new TreeLayout.Source() {
      @Override
      public char node(int at) {
        int link = (int) nodes[at];
        return link >>> DISTANCE_SHIFT == 0
            ? FlatTrees.LEAF
            : (char) (link & INPUT
                | ((link & MISSING_RIGHT) != 0 ? FlatTrees.MISSING_RIGHT : 0)
                | ((link & RIGHT_FIRST) != 0 ? FlatTrees.RIGHT_FIRST : 0));
      }

      @Override
      public int child(int at) {
        return at + ((int) nodes[at] >>> DISTANCE_SHIFT);
      }

      @Override
      public double threshold(int at) {
        return thresholds[at];
      }

      @Override
      public int leaf(int at) {
        return value(at);
      }
    });
  }
}
