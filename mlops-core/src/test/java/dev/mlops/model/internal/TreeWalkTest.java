package dev.mlops.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All layouts reach the leaves that the trees say, however close values are to thresholds. */
class TreeWalkTest {
  private static final int ROWS = 110_000;
  private static final int INPUTS = 5;
  private static final int TREES = 11;
  private static final long SEED = 31;

  @ParameterizedTest
  @CsvSource({"11, 7, 1", "11, 7, 1e300", "1, 0, 1", "3, 1, 1", "1100, 3, 1", "2048, 8, 1"})
  void score_anyLayout_reachesTheLeavesOfTheTrees(int count, int depth, double widest) {
    var random = new Random(SEED);
    List<TreeNode> roots = trees(random, count, depth, widest);
    List<Double> thresholds = new ArrayList<>();
    roots.forEach(root -> thresholds(root, thresholds));
    List<TreeWalk> walks = layouts(roots);
    double[] scores = new double[1];
    for (int i = 0; i < ROWS / count; i++) {
      double[] x = row(random, thresholds);
      boolean absent = absent(x);
      float expected = 0.5f;
      for (TreeNode root : roots) {
        expected += leaf(root, x);
      }
      for (TreeWalk walk : walks) {
        if (!absent) {
          walk.score(x, scores);
          assertThat(scores[0]).as("%s, row %d, seed %d", walk, i, SEED).isEqualTo(expected);
        }
        walk.scoreWithAbsent(x, scores);
        assertThat(scores[0]).as("%s, row %d, seed %d", walk, i, SEED).isEqualTo(expected);
      }
    }
  }

  @Test
  void trees_anyLayout_areThoseStored() {
    List<TreeNode> roots = trees(new Random(SEED), TREES, 7, 1e300);

    for (TreeWalk walk : layouts(roots)) {
      assertThat(walk.trees().roots()).isEqualTo(roots);
    }
  }

  @Test
  void of_depthAndInputs_decideTheLayout() {
    assertThat(walk(trees(new Random(SEED), TREES, 7, 1e300), INPUTS))
        .isInstanceOf(PerfectTrees.class);
    assertThat(walk(trees(new Random(SEED), TREES, 7, 1e300), 1_025)).isInstanceOf(WideTrees.class);
    assertThat(walk(chain(9), INPUTS)).isInstanceOf(NarrowTrees.class);
    assertThat(walk(chain(9), 5_000)).isInstanceOf(WideTrees.class);
  }

  @Test
  void score_thresholdThatIsNoNumber_leadsLeft() {
    for (int sign = 0; sign < 2; sign++) {
      double nan = Double.longBitsToDouble(0x7ff8_0000_0000_0001L | (long) sign << 63);
      List<TreeNode> roots = List.of(
          new TreeNode.Split(0, nan, new TreeNode.Leaf(bits(1)), new TreeNode.Leaf(bits(2))));
      double[] scores = new double[1];
      for (TreeWalk walk : layouts(roots)) {
        for (double value : new double[] {Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY}) {
          walk.score(new double[] {value, 0, 0, 0, 0}, scores);
          assertThat(scores[0]).as("%s at %s", walk, value).isEqualTo(1.5);
        }
      }
    }
  }

  private static List<TreeWalk> layouts(List<TreeNode> roots) {
    FlatTrees trees = FlatTrees.of(roots);
    var rule = new BoostedTrees(BoostedTrees.Link.IDENTITY, 1, 0.5f, new char[roots.size()]);
    int[] places = rule.places(roots.size(), TreeWalk.WIDTH);
    return List.of(
        new PerfectTrees(trees, rule, places, INPUTS),
        new NarrowTrees(trees, rule, places, INPUTS),
        new WideTrees(trees, rule, places));
  }

  private static TreeWalk walk(List<TreeNode> roots, int inputs) {
    var rule = new BoostedTrees(BoostedTrees.Link.IDENTITY, 1, 0.5f, new char[roots.size()]);
    return TreeWalk.of(FlatTrees.of(roots), rule, inputs);
  }

  private static List<TreeNode> chain(int depth) {
    TreeNode node = new TreeNode.Leaf(bits(1));
    for (int i = 0; i < depth; i++) {
      node = new TreeNode.Split(0, i, node, new TreeNode.Leaf(bits(2)));
    }
    return List.of(node);
  }

  private static List<TreeNode> trees(Random random, int count, int depth, double widest) {
    List<TreeNode> trees = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      trees.add(tree(random, depth, widest));
    }
    return trees;
  }

  /** Leaves of all signs, also the float whose bits are the lowest int. */
  private static TreeNode tree(Random random, int depth, double widest) {
    if (depth == 0 || random.nextInt(9) == 0) {
      return new TreeNode.Leaf(bits(random.nextInt(9) == 0 ? -0f : random.nextFloat() - 0.5f));
    }
    double threshold = switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3) - 1;
      case 1 -> -0.0;
      case 2 -> widest * random.nextGaussian();
      default -> random.nextGaussian();
    };
    return new TreeNode.Split(
        random.nextInt(INPUTS),
        threshold,
        tree(random, depth - 1, widest),
        tree(random, depth - 1, widest),
        random.nextBoolean());
  }

  private static int bits(float value) {
    return Float.floatToRawIntBits(value);
  }

  private static void thresholds(TreeNode node, List<Double> into) {
    if (node instanceof TreeNode.Split split) {
      into.add(split.threshold());
      thresholds(split.left(), into);
      thresholds(split.right(), into);
    }
  }

  /** Thresholds, their neighbours as doubles and as floats, zeros, extremes, gaps. */
  private static double[] row(Random random, List<Double> thresholds) {
    double[] row = new double[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      double near = thresholds.isEmpty() ? 1 : thresholds.get(random.nextInt(thresholds.size()));
      row[i] = switch (random.nextInt(12)) {
        case 0, 1 -> near;
        case 2 -> Math.nextUp(near);
        case 3 -> Math.nextDown(near);
        case 4 -> (float) near;
        case 5 -> -0.0;
        case 6 -> random.nextBoolean() ? Double.MIN_VALUE : -Double.MIN_VALUE;
        case 7 -> random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        case 8 -> random.nextInt(3) == 0 ? Double.NaN : 0.0;
        default -> random.nextGaussian();
      };
    }
    return row;
  }

  private static boolean absent(double[] x) {
    for (double value : x) {
      if (Double.isNaN(value)) {
        return true;
      }
    }
    return false;
  }

  private static float leaf(TreeNode node, double[] x) {
    TreeNode at = node;
    while (at instanceof TreeNode.Split split) {
      double value = x[split.input()];
      boolean right = Double.isNaN(value) ? split.missingRight() : value > split.threshold();
      at = right ? split.right() : split.left();
    }
    return Float.intBitsToFloat(((TreeNode.Leaf) at).value());
  }
}
