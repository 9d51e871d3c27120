package dev.mlops.registry.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.Patients;
import org.junit.jupiter.api.Test;

class PairedComparisonTest {
  private static TestScores scores(double[] scores) {
    return TestScores.of(Patients.labels(), scores, "aSAH");
  }

  @Test
  void ofAreas_onThePatients_givesTheIntervalOfProc() {
    PairedComparison comparison =
        PairedComparison.ofAreas(scores(Patients.wfns()), scores(Patients.s100b()), 0.95);

    // pROC, tests/testthat/test-roc.test.R; see dev.mlops.evaluation.DeLongTest.
    assertThat(comparison.low()).isCloseTo(0.0104061769564846, within(1e-12));
    assertThat(comparison.high()).isCloseTo(0.174214419249478, within(1e-12));
    assertThat(comparison.difference() / comparison.standardError())
        .isCloseTo(2.20898359144091, within(1e-12));
    assertThat(comparison.candidate()).isCloseTo(0.823678861788618, within(1e-14));
    assertThat(comparison.candidate() - comparison.champion()).isEqualTo(comparison.difference());
    assertThat(comparison)
        .hasToString("roc_auc 0.8237 against 0.7314, difference 0.0923, 95 % interval "
            + "[0.0104, 0.1742] (DeLong, 113 rows)");
  }

  @Test
  void ofAreas_atOtherConfidences_usesTheNormalQuantile() {
    // Two-sided quantiles of the normal distribution, Abramowitz and Stegun table 26.5 and 26.6.
    for (double[] row : new double[][] {
      {0.5, 0.674489750196082},
      {0.9, 1.644853626951473},
      {0.99, 2.575829303548901},
      {0.999999, 4.891638475699},
      {1e-6, 1.2533141373155e-6}
    }) {
      PairedComparison comparison =
          PairedComparison.ofAreas(scores(Patients.wfns()), scores(Patients.ndka()), row[0]);

      assertThat((comparison.high() - comparison.low()) / 2 / comparison.standardError())
          .as("%s", row[0])
          .isCloseTo(row[1], within(row[1] * 1e-9));
      assertThat(comparison.confidence()).isEqualTo(row[0]);
    }
  }

  @Test
  void ofAreas_ofWhatCannotBeCompared_isRefused() {
    TestScores here = scores(Patients.wfns());
    TestScores elsewhere = TestScores.of(Patients.labels(), Patients.wfns(), "other rows");
    TestScores quantity = TestScores.of(new double[] {1, 2, 3}, new double[] {1, 2, 3}, "q");

    assertThatThrownBy(() -> PairedComparison.ofAreas(here, elsewhere, 0.95))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("aSAH and other rows");
    assertThatThrownBy(() -> PairedComparison.ofAreas(quantity, quantity, 0.95))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("label 1 must be 0 or 1, got 2.0");
    for (double bad : new double[] {0, 1, -0.5, Double.NaN}) {
      assertThatThrownBy(() -> PairedComparison.ofAreas(here, here, bad))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("confidence");
    }
  }
}
