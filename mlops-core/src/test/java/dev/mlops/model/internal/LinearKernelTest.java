package dev.mlops.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearKernelTest {
  private static final int INPUTS = 7;
  private static final int[] COLUMNS = {3, 0, 6, 1, 5, 2, 4};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void score_anyNumberOfSums_addsInTheOrderOfTheColumns(int sums) {
    var random = new Random(sums);
    double[][] weights = new double[sums][];
    Arrays.setAll(weights, k -> random.doubles(INPUTS, -1, 1).toArray());
    double[] biases = random.doubles(sums, -1, 1).toArray();
    var kernel = kernel(weights, biases, LinearKernel.Link.IDENTITY);
    double[] scores = new double[sums];
    for (int i = 0; i < 1_000; i++) {
      double[] x = random.doubles(INPUTS, -1e3, 1e3).toArray();

      kernel.score(x, scores);

      assertThat(scores).containsExactly(expected(weights, biases, x));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 9})
  void score_absentInput_addsNothing(int sums) {
    var random = new Random(sums);
    double[][] weights = new double[sums][];
    Arrays.setAll(weights, k -> random.doubles(INPUTS, -1, 1).toArray());
    double[] biases = random.doubles(sums, -1, 1).toArray();
    var kernel = kernel(weights, biases, LinearKernel.Link.IDENTITY);
    for (int absent = 0; absent < INPUTS; absent++) {
      double[] x = random.doubles(INPUTS, -1, 1).toArray();
      double[] zero = x.clone();
      x[absent] = Double.NaN;
      zero[absent] = 0;
      double[] scores = new double[sums];

      kernel.score(x, scores);

      assertThat(scores).containsExactly(expected(weights, biases, zero));
    }
  }

  @Test
  void score_twoShares_areThoseOfThePlainFormula() {
    var random = new Random(5);
    double[] extremes = {0, -0.0, 1e-300, 36, 37, 708, 709, 745, 746, 1e308, -1e308};
    double[] scores = new double[2];
    for (int i = 0; i < 100_000; i++) {
      double a = pick(random, extremes);
      double b = pick(random, extremes);
      var kernel = kernel(new double[][] {{}, {}}, new double[] {a, b}, LinearKernel.Link.SOFTMAX);

      kernel.score(new double[INPUTS], scores);

      double max = Math.max(a, b);
      double total = Math.exp(a - max) + Math.exp(b - max);
      assertThat(scores)
          .as("%s and %s", a, b)
          .containsExactly(Math.exp(a - max) / total, Math.exp(b - max) / total);
    }
  }

  private static double pick(Random random, double[] extremes) {
    return random.nextInt(4) == 0
        ? extremes[random.nextInt(extremes.length)]
        : 10 * random.nextGaussian();
  }

  private static LinearKernel kernel(double[][] weights, double[] biases, LinearKernel.Link link) {
    int[] order = new int[biases.length];
    Arrays.setAll(order, k -> k);
    return new LinearKernel(
        INPUTS, Arrays.copyOf(COLUMNS, weights[0].length), weights, biases, link, order);
  }

  private static double[] expected(double[][] weights, double[] biases, double[] x) {
    double[] sums = new double[biases.length];
    for (int k = 0; k < sums.length; k++) {
      for (int i = 0; i < INPUTS; i++) {
        sums[k] += weights[k][i] * x[COLUMNS[i]];
      }
      sums[k] += biases[k];
    }
    return sums;
  }
}
