package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.error.InvalidInputException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Against the paper's definition: one comparison for every pair of a positive and a negative row.
 */
class DeLongDefinitionTest {

  private static double wins(double positive, double negative) {
    return positive > negative ? 1 : positive == negative ? 0.5 : 0;
  }

  /** Mean of the pairs, their means by positive row, and by negative row. */
  private static double[][] components(double[] positives, double[] negatives) {
    double[] v10 = new double[positives.length];
    double[] v01 = new double[negatives.length];
    double sum = 0;
    for (int i = 0; i < positives.length; i++) {
      for (int j = 0; j < negatives.length; j++) {
        double win = wins(positives[i], negatives[j]);
        v10[i] += win / negatives.length;
        v01[j] += win / positives.length;
        sum += win;
      }
    }
    return new double[][] {{sum / positives.length / negatives.length}, v10, v01};
  }

  private static double covariance(double[] a, double meanA, double[] b, double meanB) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - meanA) * (b[i] - meanB);
    }
    return sum / (a.length - 1);
  }

  private static double covariance(double[][] a, double[][] b) {
    return covariance(a[1], a[0][0], b[1], b[0][0]) / a[1].length
        + covariance(a[2], a[0][0], b[2], b[0][0]) / a[2].length;
  }

  @Test
  void compare_ofScoresWithTies_agreesWithTheDefinition() {
    long seed = 3;
    var random = new Random(seed);
    for (int trial = 0; trial < 30; trial++) {
      int m = 2 + random.nextInt(6);
      int n = 2 + random.nextInt(9);
      double[][] positives = new double[2][m];
      double[][] negatives = new double[2][n];
      boolean[] is = new boolean[m + n];
      double[][] scores = new double[2][m + n];
      int p = 0;
      int q = 0;
      for (int i = 0; i < m + n; i++) {
        is[i] = q == n || (p < m && random.nextBoolean());
        for (int s = 0; s < 2; s++) {
          scores[s][i] = random.nextInt(6) + (is[i] ? 1.5 : 0);
          if (is[i]) {
            positives[s][p] = scores[s][i];
          } else {
            negatives[s][q] = scores[s][i];
          }
        }
        p += is[i] ? 1 : 0;
        q += is[i] ? 0 : 1;
      }
      double[][] a = components(positives[0], negatives[0]);
      double[][] b = components(positives[1], negatives[1]);
      double variance = covariance(a, a) + covariance(b, b) - 2 * covariance(a, b);

      DeLong.Test test = DeLong.compare(is, scores[0], scores[1]);
      DeLong.Area area = DeLong.area(is, scores[0]);

      assertThat(area.auc()).as("seed %d", seed).isCloseTo(a[0][0], within(1e-12));
      assertThat(area.variance()).isCloseTo(covariance(a, a), within(1e-12));
      double half = 1.959963984540054 * Math.sqrt(variance);
      double difference = a[0][0] - b[0][0];
      assertThat(test.difference()).isCloseTo(difference, within(1e-12));
      assertThat(test.interval().low()).isCloseTo(difference - half, within(1e-7));
      assertThat(test.interval().high()).isCloseTo(difference + half, within(1e-7));
      double areaHalf = 1.959963984540054 * Math.sqrt(covariance(a, a));
      assertThat(area.interval().low()).isCloseTo(Math.max(0, a[0][0] - areaHalf), within(1e-7));
      assertThat(area.interval().high()).isCloseTo(Math.min(1, a[0][0] + areaHalf), within(1e-7));
    }
  }

  @Test
  void area_needsTwoRowsOfEitherClass() {
    assertThat(DeLong.area(new boolean[] {true, true, false, false}, new double[] {4, 3, 2, 1})
            .auc())
        .isEqualTo(1);
    for (boolean first : new boolean[] {true, false}) {
      assertThatThrownBy(() -> DeLong.area(new boolean[] {first, !first, !first}, new double[3]))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("at least two rows of either class");
    }
    assertThatThrownBy(() -> DeLong.area(new boolean[4], new double[5]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("got 4 and 5");
  }
}
