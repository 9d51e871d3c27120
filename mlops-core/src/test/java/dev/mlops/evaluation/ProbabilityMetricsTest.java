package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.error.InvalidInputException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProbabilityMetricsTest {
  private static final double EPSILON = Math.ulp(1.0);

  @Test
  void logLoss_ofCertainty_isClippedToAnEpsilon() {
    assertThat(ProbabilityMetrics.logLoss(new int[] {0}, new double[][] {{0, 1}}))
        .isCloseTo(-Math.log(EPSILON), within(1e-9));
    assertThat(ProbabilityMetrics.logLoss(new int[] {1}, new double[][] {{0, 1}}))
        .isCloseTo(0, within(1e-15));
  }

  @Test
  void logLoss_ofRowsThatSumToLessThanOne_takesShares() {
    assertThat(ProbabilityMetrics.logLoss(
            new int[] {0, 1}, new double[][] {{0.2, 0.2}, {0.3, 0.1}}))
        .isCloseTo((Math.log(2) + Math.log(4)) / 2, within(1e-12));
  }

  @Test
  void brier_ofTwoClassesInBothForms_isTwiceTheOther() {
    double[][] rows = {{0.3, 0.7}, {0.9, 0.1}, {0.5, 0.5}};

    double one =
        ProbabilityMetrics.brier(new boolean[] {true, false, true}, new double[] {0.7, 0.1, 0.5});

    assertThat(one).isCloseTo((0.09 + 0.01 + 0.25) / 3, within(1e-15));
    assertThat(ProbabilityMetrics.brier(new int[] {1, 0, 1}, rows))
        .isCloseTo(2 * one, within(1e-15));
  }

  @Test
  void reliability_ofEdges_belongToTheBinBelow() {
    boolean[] positive = {true, false, true, false, true};
    double[] p = {0, 0.25, 0.26, 0.75, 1};

    assertThat(ProbabilityMetrics.reliability(positive, p, 4))
        .containsExactly(
            new ProbabilityMetrics.CalibrationBin(0, 0.25, 2, 0.125, 0.5),
            new ProbabilityMetrics.CalibrationBin(0.25, 0.5, 1, 0.26, 1),
            new ProbabilityMetrics.CalibrationBin(0.5, 0.75, 1, 0.75, 0),
            new ProbabilityMetrics.CalibrationBin(0.75, 1, 1, 1, 1));
    assertThat(ProbabilityMetrics.reliability(positive, p, 1))
        .singleElement()
        .satisfies(bin -> assertThat(bin.count()).isEqualTo(5));
  }

  @Test
  void all_ofWrongLengthsOrNumbers_areRefused() {
    List<ThrowingCallable> wrong = List.of(
        () -> ProbabilityMetrics.logLoss(new int[2], new double[1][2]),
        () -> ProbabilityMetrics.logLoss(new int[0], new double[0][]),
        () -> ProbabilityMetrics.brier(new boolean[2], new double[3]),
        () -> ProbabilityMetrics.brier(new boolean[0], new double[0]),
        () -> ProbabilityMetrics.brier(new int[2], new double[3][2]),
        () -> ProbabilityMetrics.brier(new int[0], new double[0][]),
        () -> ProbabilityMetrics.reliability(new boolean[2], new double[1], 5),
        () -> ProbabilityMetrics.reliability(new boolean[0], new double[0], 5),
        () -> ProbabilityMetrics.reliability(new boolean[1], new double[1], 0),
        () -> ProbabilityMetrics.brier(new boolean[1], new double[] {-0.1}),
        () -> ProbabilityMetrics.brier(new boolean[1], new double[] {1.1}),
        () -> ProbabilityMetrics.brier(new boolean[1], new double[] {Double.NaN}),
        () -> ProbabilityMetrics.brier(new int[1], new double[][] {{0.5, 1.5}}),
        () -> ProbabilityMetrics.logLoss(new int[1], new double[][] {{0.5, -0.5}}));
    for (ThrowingCallable call : wrong) {
      assertThatThrownBy(call).isInstanceOf(InvalidInputException.class);
    }
    assertThatThrownBy(() -> ProbabilityMetrics.brier(new boolean[2], new double[] {0, 2}))
        .hasMessage("row 1: a probability must be from 0 to 1, got 2.0");
    assertThatCode(() -> ProbabilityMetrics.brier(new boolean[3], new double[] {0, 1, 1 + 1e-9}))
        .as("rounding of a sum")
        .doesNotThrowAnyException();
  }
}
