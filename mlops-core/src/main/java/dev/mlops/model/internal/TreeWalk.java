package dev.mlops.model.internal;

/**
 * The nodes of a forest in memory, and the walk from every root to a leaf that suits them. Every
 * walk reaches the same leaves; they differ in the memory that they touch. Immutable, safe for use
 * by several threads.
 */
sealed interface TreeWalk permits NarrowTrees, PerfectTrees, WideTrees {
  /** How many trees are in flight at once, which hides the latency of the loads. */
  int WIDTH = 8;

  /** Scores a row that has every input. */
  void score(double[] x, double[] scores);

  /** Scores a row, following the trained direction where a value is absent. */
  void scoreWithAbsent(double[] x, double[] scores);

  /** Returns the trees as they are stored. */
  FlatTrees trees();

  /** Returns the least power of two from 2 on that is at least so large: it masks an index. */
  static int powerOfTwo(int least) {
    return Integer.highestOneBit(Math.max(1, least - 1)) << 1;
  }

  /** Chooses the layout that is walked fastest of those that hold the trees. */
  static TreeWalk of(FlatTrees trees, LeafRule rule, int inputs) {
    int[] places = rule.places(trees.trees(), WIDTH);
    if (PerfectTrees.canHold(trees, places.length, inputs)) {
      return new PerfectTrees(trees, rule, places, inputs);
    }
    return NarrowTrees.canHold(trees, inputs)
        ? new NarrowTrees(trees, rule, places, inputs)
        : new WideTrees(trees, rule, places);
  }
}
