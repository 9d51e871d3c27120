package dev.mlops.model.internal;

/*
 * Trees of any size over any number of inputs.
 *
 * Layout. A node is two longs: [0] the bits of the threshold, [1] the node as it is stored (input
 * and flags) << 48 | position of the left child; the right child follows its sibling. A leaf is [0]
 * a NaN whose low 32 bits are what the leaf says, [1] a link to itself. Nothing compares above NaN,
 * so a leaf leads to itself and a walk needs no test for having arrived.
 *
 * Walk. Eight trees at once step until none has moved, looked at every fourth step; no branch
 * depends on data.
 */
/** Trees whose nodes take sixteen bytes. */
final class WideTrees implements TreeWalk {
  private static final long LEAF_BITS = 0x7ff8_0000_0000_0000L;
  private static final int INPUT_SHIFT = 48;

  private final LeafRule rule;
  private final TreeLayout layout;
  private final long[] nodes;
  private final int[] roots;

  WideTrees(FlatTrees trees, LeafRule rule, int[] places) {
    this.rule = rule;
    int padding = TreeLayout.size(trees);
    this.nodes = new long[2 * (padding + 1)];
    this.layout = TreeLayout.place(trees, new TreeLayout.Nodes() {
      @Override
      public void split(int at, int child, char node, double threshold) {
        nodes[2 * at] = Double.doubleToRawLongBits(threshold);
        nodes[2 * at + 1] = (long) node << INPUT_SHIFT | child;
      }

      @Override
      public void leaf(int at, int value) {
        setLeaf(at, value);
      }
    });
    setLeaf(padding, rule.neutralLeaf());
    this.roots = layout.roots(places, padding);
  }

  private void setLeaf(int at, int value) {
    nodes[2 * at] = LEAF_BITS | (value & 0xffff_ffffL);
    nodes[2 * at + 1] = at;
  }

  private static int step(long[] nodes, double[] x, int at) {
    long link = nodes[2 * at + 1];
    int input = (int) (link >>> INPUT_SHIFT) & FlatTrees.INPUT;
    return (int) link + (x[input] > Double.longBitsToDouble(nodes[2 * at]) ? 1 : 0);
  }

  @Override
  public void score(double[] x, double[] scores) {
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
          a = step(nodes, x, a);
          b = step(nodes, x, b);
          c = step(nodes, x, c);
          d = step(nodes, x, d);
          e = step(nodes, x, e);
          f = step(nodes, x, f);
          g = step(nodes, x, g);
          h = step(nodes, x, h);
        }
        int a0 = a;
        int b0 = b;
        int c0 = c;
        int d0 = d;
        int e0 = e;
        int f0 = f;
        int g0 = g;
        int h0 = h;
        a = step(nodes, x, a);
        b = step(nodes, x, b);
        c = step(nodes, x, c);
        d = step(nodes, x, d);
        e = step(nodes, x, e);
        f = step(nodes, x, f);
        g = step(nodes, x, g);
        h = step(nodes, x, h);
        moved = a0 ^ a | b0 ^ b | c0 ^ c | d0 ^ d | e0 ^ e | f0 ^ f | g0 ^ g | h0 ^ h;
      }
      carry = rule.add(
          carry,
          scores,
          group,
          (int) nodes[2 * a],
          (int) nodes[2 * b],
          (int) nodes[2 * c],
          (int) nodes[2 * d],
          (int) nodes[2 * e],
          (int) nodes[2 * f],
          (int) nodes[2 * g],
          (int) nodes[2 * h]);
    }
    rule.finish(carry, scores);
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
      long link = nodes[2 * at + 1];
      if ((int) link == at) {
        return (int) nodes[2 * at];
      }
      int node = (int) (link >>> INPUT_SHIFT);
      double value = x[node & FlatTrees.INPUT];
      boolean right = Double.isNaN(value)
          ? (node & FlatTrees.MISSING_RIGHT) != 0
          : value > Double.longBitsToDouble(nodes[2 * at]);
      at = (int) link + (right ? 1 : 0);
    }
  }

  @Override
  public FlatTrees trees() {
    return layout.collect(new TreeLayout.Source() {
      @Override
      public char node(int at) {
        long link = nodes[2 * at + 1];
        return (int) link == at ? FlatTrees.LEAF : (char) (link >>> INPUT_SHIFT);
      }

      @Override
      public int child(int at) {
        return (int) nodes[2 * at + 1];
      }

      @Override
      public double threshold(int at) {
        return Double.longBitsToDouble(nodes[2 * at]);
      }

      @Override
      public int leaf(int at) {
        return (int) nodes[2 * at];
      }
    });
  }
}
