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
 * rows that took them. So the path to a leaf gives each of its d features a share: z of the rows
 * follow the feature's splits on the path, and the row itself follows them (1) or not (0). The value
 * of a set S of known features is the product of these over the features, and its sums by size are
 * the coefficients of the product of (z + y) over the followed features, times z of the others. A
 * feature's Shapley value is its own 1 - z or -z times the sum over k of k! (d - 1 - k)! / d! times
 * coefficient k of the product without it. The paper's EXTEND is a multiplication, its UNWIND a
 * division. Division from the highest coefficient down loses digits where the product's coefficients
 * rise by more than 1/z, division from the lowest up where they rise by less; as the roots are real
 * these are two stretches, and each is divided in its own direction. Features that the row
 * does not follow only scale the product and share one sum, so that a row costs
 * leaves x (followed features)^2.
 *
 * Invariant: baseline + contributions = output, up to rounding. Leaves hold a vector, so that all
 * outputs share one walk.
 */
public final class TreeShap implements VectorExplainer {
  private final List<FlatTree> trees;
  private final List<double[]> covers;
  private final int maxDepth;

  /** k! (d - 1 - k)! / d! at d and k. */
  private final double[][] weights;

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
    this.weights = weights(Math.min(maxDepth, background[0].length));
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

  private static double[][] weights(int most) {
    double[][] weights = new double[most + 1][];
    weights[0] = new double[0];
    for (int d = 1; d <= most; d++) {
      weights[d] = new double[d];
      weights[d][0] = 1.0 / d;
      for (int k = 1; k < d; k++) {
        weights[d][k] = weights[d][k - 1] * k / (d - k);
      }
    }
    return weights;
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
    var walk = new Walk(vector, into, maxDepth, weights);
    for (int t = 0; t < trees.size(); t++) {
      walk.tree(trees.get(t), covers.get(t));
    }
  }

  /** The path of one row through one tree after the other. */
  private static final class Walk {
    private final double[] row;
    private final double[][] into;
    private final double[][] weights;

    /** The features on the path, each once. */
    private final int[] feature;

    /** The shares z of those that the row follows. */
    private final double[] zero;

    private final boolean[] followed;

    /** Where a feature is on the path, or -1. */
    private final int[] position;

    /** The products' coefficients; each depth has its own stretch. */
    private final double[] products;

    private final int stride;
    private FlatTree tree;
    private double[] cover;

    Walk(double[] row, double[][] into, int maxDepth, double[][] weights) {
      this.row = row;
      this.into = into;
      this.weights = weights;
      stride = weights.length;
      feature = new int[stride];
      zero = new double[stride];
      followed = new boolean[stride];
      position = new int[row.length];
      Arrays.fill(position, -1);
      products = new double[(maxDepth + 1) * stride];
      products[0] = 1;
      tree = new FlatTree.Builder().build();
      cover = new double[0];
    }

    void tree(FlatTree tree, double[] cover) {
      this.tree = tree;
      this.cover = cover;
      visit(0, 0, 0, 0, 0, 1);
    }

    /**
     * Visits a node.
     *
     * @param length how many features the path has
     * @param at where the product of the followed ones starts
     * @param degree how many the row follows
     * @param scale the product of the others' shares
     */
    private void visit(int node, int depth, int length, int at, int degree, double scale) {
      int split = tree.feature()[node];
      if (split < 0) {
        leaf(length, at, degree, scale, tree.value()[node]);
        return;
      }
      boolean goesHigh = tree.goesHigh(node, row);
      int hot = goesHigh ? tree.high()[node] : tree.low()[node];
      int cold = goesHigh ? tree.low()[node] : tree.high()[node];
      double hotShare = cover[hot] / cover[node];
      double coldShare = cover[cold] / cover[node];
      int below = depth + 1;
      int product = below * stride;
      int known = position[split];
      if (known < 0) {
        position[split] = length;
        feature[length] = split;
        zero[length] = hotShare;
        followed[length] = true;
        multiply(at, degree, hotShare, product);
        visit(hot, below, length + 1, product, degree + 1, scale);
        followed[length] = false;
        visit(cold, below, length + 1, at, degree, scale * coldShare);
        position[split] = -1;
      } else if (followed[known]) {
        double before = zero[known];
        zero[known] = before * hotShare;
        divide(at, degree, before, product);
        multiply(product, degree - 1, zero[known], product);
        visit(hot, below, length, product, degree, scale);
        followed[known] = false;
        divide(at, degree, before, product);
        visit(cold, below, length, product, degree - 1, scale * before * coldShare);
        followed[known] = true;
        zero[known] = before;
      } else {
        visit(hot, below, length, at, degree, scale * hotShare);
        visit(cold, below, length, at, degree, scale * coldShare);
      }
    }

    /** Multiplies by z + y, also in place. */
    private void multiply(int from, int degree, double z, int to) {
      products[to + degree + 1] = products[from + degree];
      for (int k = degree; k > 0; k--) {
        products[to + k] = z * products[from + k] + products[from + k - 1];
      }
      products[to] = z * products[from];
    }

    /** Divides by z + y, which leaves no rest. */
    private void divide(int from, int degree, double z, int to) {
      int meeting = meeting(from, degree, z);
      double quotient = 0;
      for (int k = degree; k > meeting; k--) {
        quotient = products[from + k] - z * quotient;
        products[to + k - 1] = quotient;
      }
      quotient = 0;
      for (int k = 0; k < meeting; k++) {
        quotient = (products[from + k] - quotient) / z;
        products[to + k] = quotient;
      }
    }

    /** Up to where the coefficients rise by more than 1/z. */
    private int meeting(int at, int degree, double z) {
      int k = 0;
      while (k < degree && products[at + k] < z * products[at + k + 1]) {
        k++;
      }
      return k;
    }

    private void leaf(int length, int at, int degree, double scale, double[] value) {
      double[] weight = weights[length];
      double notFollowed = 0;
      if (degree < length) {
        for (int k = 0; k <= degree; k++) {
          notFollowed -= weight[k] * products[at + k];
        }
      }
      for (int i = 0; i < length; i++) {
        double share = scale
            * (followed[i] ? (1 - zero[i]) * sumWithout(zero[i], at, degree, weight) : notFollowed);
        for (int k = 0; k < value.length; k++) {
          into[k][feature[i]] += share * value[k];
        }
      }
    }

    /** The weighted sum of the product divided by z + y, see {@link #divide}. */
    private double sumWithout(double z, int at, int degree, double[] weight) {
      int meeting = meeting(at, degree, z);
      double quotient = 0;
      double sum = 0;
      for (int k = degree; k > meeting; k--) {
        quotient = products[at + k] - z * quotient;
        sum += weight[k - 1] * quotient;
      }
      double inverse = 1 / z;
      quotient = 0;
      for (int k = 0; k < meeting; k++) {
        quotient = (products[at + k] - quotient) * inverse;
        sum += weight[k] * quotient;
      }
      return sum;
    }
  }

  @Override
  public String toString() {
    return trees.size() + " trees, baselines " + Arrays.toString(baselines);
  }
}
