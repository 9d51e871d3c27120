package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import java.util.List;
import java.util.Optional;

/**
 * Turns the leaves that a row reached into scores, adding in the order and in the precision of the
 * library that trained the trees. Keeps no state: what is summed lives in {@code scores} and in the
 * value carried from call to call. Immutable.
 */
sealed interface LeafRule
    permits BoostedTrees, LeafDistributions, MeanOfTrees, SingleLeaf, UniformVotes, WeightedVotes {

  int outputs();

  /** What a padding leaf says: adding it changes nothing. */
  int neutralLeaf();

  /** How far scores may be from those of the training library. */
  default double tolerance() {
    return 0;
  }

  /** Whether trees have a direction for absent values of their own. */
  default boolean followsMissing() {
    return false;
  }

  /**
   * Assigns trees to places in groups.
   *
   * @return the tree at each place, -1 for padding; a multiple of {@code width} long
   */
  default int[] places(int trees, int width) {
    int[] places = new int[(trees + width - 1) / width * width];
    for (int i = 0; i < places.length; i++) {
      places[i] = i < trees ? i : -1;
    }
    return places;
  }

  /** Starts a row; returns the first value to carry. */
  double begin(double[] scores);

  /** Adds the eight leaves of a group in order; returns the next value to carry. */
  double add(
      double carry,
      double[] scores,
      int group,
      int a,
      int b,
      int c,
      int d,
      int e,
      int f,
      int g,
      int h);

  /** Ends a row. */
  void finish(double carry, double[] scores);

  /** Returns what each leaf adds to the outputs before a link, if leaves simply add up. */
  Optional<Additive.Leaves> leaves(List<TreeNode> trees);

  /** Throws unless every leaf of the trees means something here. */
  void check(FlatTrees trees);

  int tag();

  void writeBody(FlatWriter out);

  String describe();

  default void write(FlatWriter out) {
    out.putByte(tag());
    writeBody(out);
  }

  static LeafRule read(FlatReader in) {
    int tag = in.getByte();
    return switch (tag) {
      case UniformVotes.TAG -> UniformVotes.readBody(in);
      case WeightedVotes.TAG -> WeightedVotes.readBody(in);
      case LeafDistributions.TAG -> LeafDistributions.readBody(in);
      case MeanOfTrees.TAG -> MeanOfTrees.readBody(in);
      case SingleLeaf.TAG -> SingleLeaf.readBody(in);
      case BoostedTrees.TAG -> BoostedTrees.readBody(in);
      default -> throw new CorruptException("flat model: unknown leaf rule " + tag);
    };
  }

  /** Throws unless every leaf is one of {@code count} things. */
  static void checkLeaves(FlatTrees trees, int count) {
    for (int leaf : trees.leaves()) {
      FlatReader.require(leaf >= 0 && leaf < count, "a leaf says " + leaf + " of " + count);
    }
  }
}
