package dev.mlops.explanation.internal;

import dev.mlops.explanation.Explanation;
import java.util.Arrays;
import java.util.List;

/*
 * Exact path-dependent TreeSHAP: Lundberg, Erion, Chen, DeGrave, Prutkin, Nair, Katz, Himmelfarb,
 * Bansal, Lee, "From local explanations to global understanding with explainable AI for trees",
 * Nature Machine Intelligence 2 (2020), algorithm 2.
 *
 * A feature that is left out sends the row down both branches in the proportion of the background
 * rows that took them. While walking down, the path holds for every feature met so far the share of
 * rows that follow it when it is left out (zero), whether the row itself follows it (one), and the
 * permutation weights of subsets of each size (weight). EXTEND adds a feature, UNWIND removes one
 * that is met again; both cost the length of the path, so a row costs leaves x depth^2.
 *
 * Invariant: baseline + contributions = output, up to rounding. Leaves hold a vector, so that all
 * outputs share one walk.
 */
public final class TreeShap implements VectorExplainer {
  private final List<FlatTree> trees;
  private final List<double[]> covers;
  private final int maxDepth;
  private final double[] baselines;
  private final Explanation.Scale scale;

  /**
   * Creates an explainer of the sum of some trees.
   *
   * @param trees the trees, their leaf values already weighted
   * @param offset what is added to the sum, one value per output
   * @param background rows that say how often each branch is taken
   * @param scale what the sum means
   */
  public TreeShap(
      List<FlatTree> trees, double[] offset, double[][] background, Explanation.Scale scale) {
    this.scale = scale;
    this.trees = List.copyOf(trees);
    this.covers = trees.stream().map(tree -> tree.cover(background)).toList();
    this.maxDepth = trees.stream().mapToInt(tree -> tree.depth(0)).max().orElse(0);
    this.baselines = offset.clone();
    for (int t = 0; t < trees.size(); t++) {
      FlatTree tree = trees.get(t);
      double[] cover = covers.get(t);
      for (int node = 0; node < cover.length; node++) {
        if (tree.feature()[node] < 0) {
          for (int k = 0; k < baselines.length; k++) {
            baselines[k] += cover[node] / cover[0] * tree.value()[node][k];
          }
        }
      }
    }
  }

  @Override
  public Explanation.Scale scale() {
    return scale;
  }

  @Override
  public double[] baselines() {
    return baselines.clone();
  }

  @Override
  public void explain(double[] vector, double[][] into) {
    var walk = new Walk(vector, into, maxDepth);
    for (int t = 0; t < trees.size(); t++) {
      walk.tree(trees.get(t), covers.get(t));
    }
  }

  /** The paths of one row; each depth has its own stretch of the arrays. */
  private static final class Walk {
    private final double[] row;
    private final double[][] into;
    private final double[] reciprocal;
    private final int[] feature;
    private final double[] zero;
    private final double[] one;
    private final double[] weight;
    private FlatTree tree;
    private double[] cover;

    Walk(double[] row, double[][] into, int maxDepth) {
      this.row = row;
      this.into = into;
      int size = (maxDepth + 2) * (maxDepth + 3) / 2;
      reciprocal = new double[maxDepth + 3];
      for (int i = 1; i < reciprocal.length; i++) {
        reciprocal[i] = 1.0 / i;
      }
      feature = new int[size];
      zero = new double[size];
      one = new double[size];
      weight = new double[size];
      tree = new FlatTree.Builder().build();
      cover = new double[0];
    }

    void tree(FlatTree tree, double[] cover) {
      this.tree = tree;
      this.cover = cover;
      visit(0, 0, 0, 1, 1, -1);
    }

    /** Visits a node whose parent's path starts at {@code parent} and holds {@code length}. */
    private void visit(
        int node, int parent, int length, double zeroShare, double oneShare, int by) {
      int at = parent + length;
      System.arraycopy(feature, parent, feature, at, length);
      System.arraycopy(zero, parent, zero, at, length);
      System.arraycopy(one, parent, one, at, length);
      System.arraycopy(weight, parent, weight, at, length);
      extend(at, length, zeroShare, oneShare, by);
      int split = tree.feature()[node];
      if (split < 0) {
        leaf(at, length, tree.value()[node]);
        return;
      }
      boolean goesHigh = tree.goesHigh(node, row);
      int hot = goesHigh ? tree.high()[node] : tree.low()[node];
      int cold = goesHigh ? tree.low()[node] : tree.high()[node];
      double incomingZero = 1;
      double incomingOne = 1;
      int depth = length;
      for (int i = 1; i <= length; i++) {
        if (feature[at + i] == split) {
          incomingZero = zero[at + i];
          incomingOne = one[at + i];
          unwind(at, depth, i);
          depth--;
          break;
        }
      }
      visit(hot, at, depth + 1, incomingZero * cover[hot] / cover[node], incomingOne, split);
      visit(cold, at, depth + 1, incomingZero * cover[cold] / cover[node], 0, split);
    }

    private void extend(int at, int depth, double zeroShare, double oneShare, int by) {
      feature[at + depth] = by;
      zero[at + depth] = zeroShare;
      one[at + depth] = oneShare;
      weight[at + depth] = depth == 0 ? 1 : 0;
      for (int i = depth - 1; i >= 0; i--) {
        double spread = weight[at + i] * reciprocal[depth + 1];
        weight[at + i + 1] += oneShare * spread * (i + 1);
        weight[at + i] = zeroShare * spread * (depth - i);
      }
    }

    private void unwind(int at, int depth, int index) {
      double oneShare = one[at + index];
      double zeroShare = zero[at + index];
      double next = weight[at + depth];
      for (int i = depth - 1; i >= 0; i--) {
        if (oneShare != 0) {
          double old = weight[at + i];
          weight[at + i] = next * (depth + 1) / ((i + 1) * oneShare);
          next = old - weight[at + i] * zeroShare * (depth - i) / (depth + 1);
        } else {
          weight[at + i] = weight[at + i] * (depth + 1) / (zeroShare * (depth - i));
        }
      }
      for (int i = index; i < depth; i++) {
        feature[at + i] = feature[at + i + 1];
        zero[at + i] = zero[at + i + 1];
        one[at + i] = one[at + i + 1];
      }
    }

    /**
     * The weights without a feature that the row follows (its one share is 1), summed. A feature
     * that the row does not follow needs no such sum, see {@link #leaf}.
     */
    private double unwoundSum(int at, int depth, double zeroShare) {
      double next = weight[at + depth];
      double total = 0;
      for (int i = depth - 1; i >= 0; i--) {
        double taken = next * (depth + 1) * reciprocal[i + 1];
        total += taken;
        next = weight[at + i] - taken * zeroShare * (depth - i) * reciprocal[depth + 1];
      }
      return total;
    }

    private void leaf(int at, int depth, double[] value) {
      // a one share is 0 or 1; where it is 0 the zero share cancels, and all such features share
      // one sum
      double notFollowed = 0;
      for (int i = 0; i < depth; i++) {
        notFollowed -= weight[at + i] * (depth + 1) * reciprocal[depth - i];
      }
      for (int i = 1; i <= depth; i++) {
        double zeroShare = zero[at + i];
        double share =
            one[at + i] == 0 ? notFollowed : unwoundSum(at, depth, zeroShare) * (1 - zeroShare);
        for (int k = 0; k < value.length; k++) {
          into[k][feature[at + i]] += share * value[k];
        }
      }
    }
  }

  @Override
  public String toString() {
    return trees.size() + " trees, baselines " + Arrays.toString(baselines);
  }
}
