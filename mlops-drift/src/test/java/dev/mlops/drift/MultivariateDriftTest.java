package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MultivariateDriftTest {

  /** Standard normal margins; columns 0 and 1 correlated as asked, column 2 independent. */
  private static double[][] rows(long seed, int n, double correlation) {
    Random random = new Random(seed);
    double[][] rows = new double[n][3];
    for (double[] row : rows) {
      row[0] = random.nextGaussian();
      row[1] =
          correlation * row[0] + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
      row[2] = random.nextGaussian();
    }
    return rows;
  }

  private static double[] column(double[][] rows, int c) {
    double[] column = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      column[i] = rows[i][c];
    }
    return column;
  }

  @Test
  void domainClassifier_ofChangedCorrelation_seesWhatNoFeatureShows() {
    double[][] reference = rows(1, 150, 0.95);
    double[][] live = rows(2, 150, -0.95);

    MultivariateDrift.ClassifierResult result = MultivariateDrift.domainClassifier(
        reference, live, MultivariateDrift.nearestNeighbours(10), 3, 39, new Random(1));

    assertThat(result.rocAuc()).isGreaterThan(0.75);
    assertThat(result.pValue()).isEqualTo(1.0 / 40);
    for (int c = 0; c < 3; c++) {
      assertThat(KolmogorovSmirnov.test(column(reference, c), column(live, c)).pValue())
          .isGreaterThan(0.01);
    }
  }

  @Test
  void domainClassifier_ofTheSameDistribution_isNotSignificant() {
    MultivariateDrift.ClassifierResult result = MultivariateDrift.domainClassifier(
        rows(3, 100, 0.5),
        rows(4, 100, 0.5),
        MultivariateDrift.nearestNeighbours(10),
        3,
        39,
        new Random(1));

    assertThat(result.pValue()).isGreaterThan(0.05);
  }

  @Test
  void reconstruction_ofBrokenCorrelation_growsTheError() {
    MultivariateDrift.ReconstructionResult same =
        MultivariateDrift.reconstruction(rows(1, 1000, 0.95), rows(2, 500, 0.95), 0.9);
    MultivariateDrift.ReconstructionResult broken =
        MultivariateDrift.reconstruction(rows(1, 1000, 0.95), rows(2, 500, 0), 0.9);

    assertThat(same.components()).isEqualTo(2);
    assertThat(same.pValue()).isGreaterThan(0.01);
    assertThat(broken.pValue()).isLessThan(1e-6);
    assertThat(broken.liveError()).isGreaterThan(2 * broken.referenceError());
  }

  @Test
  void methods_ofBadRows_refuse() {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> MultivariateDrift.reconstruction(new double[5][2], new double[9][2], 0.5))
        .withMessageContaining("at least 20");
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(
            () -> MultivariateDrift.reconstruction(new double[25][2], new double[9][3], 0.5))
        .matches(e -> e.kind() == DriftException.Kind.NOT_COMPARABLE);
    double[][] nan = new double[25][2];
    nan[7][1] = Double.NaN;
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> MultivariateDrift.reconstruction(nan, new double[9][2], 0.5))
        .withMessageContaining("NaN");
  }
}
