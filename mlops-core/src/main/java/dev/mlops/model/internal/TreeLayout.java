package dev.mlops.model.internal;

import java.util.Arrays;

/**
 * Gives every node a position: siblings side by side at an even position, and right after them the
 * subtree of the child that is walked first, so that the likelier path stays close in memory.
 *
 * @param first the position of each root
 * @param depths the number of splits on the longest path of each tree
 * @param size the number of positions
 */
record TreeLayout(int[] first, int[] depths, int size) {

  /** Receives nodes. */
  interface Nodes {
    /** A split: its node as in {@link FlatTrees}, the left child's position, the threshold. */
    void split(int at, int child, char node, double threshold);

    /** A leaf. */
    void leaf(int at, int value);
  }

  /** Gives nodes back. */
  interface Source {
    /** Returns the node as in {@link FlatTrees}. */
    char node(int at);

    /** Returns the left child's position. */
    int child(int at);

    double threshold(int at);

    int leaf(int at);
  }

  /** Returns how many positions the trees take, one unused beside each root. */
  static int size(FlatTrees trees) {
    return trees.nodes().length + trees.trees();
  }

  /** Gives positions to all nodes. */
  static TreeLayout place(FlatTrees trees, Nodes nodes) {
    char[] in = trees.nodes();
    int[] first = new int[trees.trees()];
    int[] depths = new int[trees.trees()];
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
          nodes.leaf(at, trees.leaves()[leaf++]);
          depths[t] = Math.max(depths[t], level);
        } else {
          nodes.split(at, next, node, trees.thresholds()[split++]);
          if (open + 4 > stack.length) {
            stack = Arrays.copyOf(stack, 2 * stack.length);
          }
          boolean rightFirst = (node & FlatTrees.RIGHT_FIRST) != 0;
          stack[open++] = rightFirst ? next : next + 1;
          stack[open++] = level + 1;
          stack[open++] = rightFirst ? next + 1 : next;
          stack[open++] = level + 1;
          next += 2;
        }
      }
    }
    return new TreeLayout(first, depths, next);
  }

  /** The inverse of {@link #place}: kept out of memory because only a new model is written. */
  FlatTrees collect(Source source) {
    int trees = first.length;
    int count = size - trees;
    int splits = (count - trees) / 2;
    char[] nodes = new char[count];
    double[] thresholds = new double[splits];
    int[] leaves = new int[count - splits];
    int[] stack = new int[count + 1];
    int tree = 0;
    int split = 0;
    int leaf = 0;
    for (int i = 0, open = 0; i < count; i++) {
      if (open == 0) {
        stack[open++] = first[tree++];
      }
      int at = stack[--open];
      char node = source.node(at);
      nodes[i] = node;
      if (node == FlatTrees.LEAF) {
        leaves[leaf++] = source.leaf(at);
      } else {
        thresholds[split++] = source.threshold(at);
        int child = source.child(at);
        boolean rightFirst = (node & FlatTrees.RIGHT_FIRST) != 0;
        stack[open++] = rightFirst ? child : child + 1;
        stack[open++] = rightFirst ? child + 1 : child;
      }
    }
    return new FlatTrees(trees, nodes, thresholds, leaves);
  }

  /** Returns the positions of the roots at each place, {@code padding} where there is no tree. */
  int[] roots(int[] places, int padding) {
    int[] roots = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      roots[i] = places[i] < 0 ? padding : first[places[i]];
    }
    return roots;
  }
}
