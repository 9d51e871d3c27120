package dev.mlops.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitCodesTest {
  private static final long SEED = 41;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 30, 1024})
  void codes_thresholdsFarApart_compareAsTheNumbers(int inputs) {
    var random = new Random(SEED);

    compare(inputs, 40, () -> Math.scalb(random.nextGaussian(), random.nextInt(40) - 20));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 30, 1024})
  void codes_thresholdsThatNoFloatTellsApart_compareAsTheNumbers(int inputs) {
    var random = new Random(SEED);

    compare(inputs, 40, () -> 1.7e9 + random.nextInt(60));
  }

  @Test
  void codes_thresholdsOfEverySize_compareAsTheNumbers() {
    var random = new Random(SEED);
    double[] special = {
      0.0,
      -0.0,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MAX_VALUE,
      1e300,
      -1e300,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      1e-46
    };

    compare(3, 200, () -> special[random.nextInt(special.length)]);
  }

  @Test
  void ofThreshold_notANumber_isAboveEveryValue() {
    SplitCodes codes = codes(2, List.of(split(0, Double.NaN), split(1, 1)));
    long[] row = new long[codes.rowLength()];

    codes.ofRow(new double[] {Double.POSITIVE_INFINITY, Double.MAX_VALUE}, row);

    assertThat(codes.ofThreshold(0, Double.NaN) - row[0]).isPositive();
    assertThat(SplitCodes.above(1) - row[1]).isPositive();
  }

  /** Compares values at, beside and far from every threshold with every threshold. */
  private static void compare(int inputs, int count, DoubleSupplier numbers) {
    List<TreeNode> splits = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      splits.add(split(k % Math.min(inputs, 3) * (inputs / 3), numbers.getAsDouble()));
    }
    SplitCodes codes = codes(inputs, splits);
    long[] row = new long[codes.rowLength()];
    for (TreeNode near : splits) {
      double threshold = ((TreeNode.Split) near).threshold();
      for (double value : new double[] {
        threshold,
        Math.nextUp(threshold),
        Math.nextDown(threshold),
        (float) threshold,
        Math.nextUp((float) threshold),
        -threshold,
        numbers.getAsDouble()
      }) {
        compare(codes, row, inputs, value, splits);
      }
    }
  }

  private static void compare(
      SplitCodes codes, long[] row, int inputs, double value, List<TreeNode> splits) {
    double[] x = new double[inputs];
    Arrays.fill(x, value);
    codes.ofRow(x, row);
    for (TreeNode node : splits) {
      var split = (TreeNode.Split) node;
      long threshold = codes.ofThreshold(split.input(), split.threshold());

      assertThat(threshold & codes.rowLength() - 1).isEqualTo(split.input());
      assertThat(threshold - row[split.input()] >> SplitCodes.BITS)
          .as("%s above %s, input %d of %d", value, split.threshold(), split.input(), inputs)
          .isEqualTo(value > split.threshold() ? -1 : 0);
    }
  }

  private static TreeNode split(int input, double threshold) {
    return new TreeNode.Split(input, threshold, new TreeNode.Leaf(0), new TreeNode.Leaf(1));
  }

  private static SplitCodes codes(int inputs, List<TreeNode> splits) {
    return new SplitCodes(FlatTrees.of(splits), inputs);
  }
}
