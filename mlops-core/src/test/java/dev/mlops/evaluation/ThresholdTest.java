package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThresholdTest {

  /** no: 0.1 0.6 0.3, yes: 0.9 0.5 0.8. */
  private static Evaluation evaluation() {
    double[] scores = {0.1, 0.9, 0.6, 0.5, 0.3, 0.8};
    double[][] both = new double[scores.length][];
    double[] targets = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      both[i] = new double[] {1 - scores[i], scores[i]};
      targets[i] = i % 2;
    }
    return Evaluation.ofScores(
        new Schema(
            List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("no", "yes"))),
        true,
        both,
        targets);
  }

  @Test
  void all_listsEveryDistinctScore() {
    assertThat(Threshold.all(evaluation()))
        .containsExactly(
            new Threshold(Double.POSITIVE_INFINITY, 1, 0, 0, 3),
            new Threshold(0.9, 1, 1 / 3.0, 0, 2),
            new Threshold(0.8, 1, 2 / 3.0, 0, 1),
            new Threshold(0.6, 2 / 3.0, 2 / 3.0, 1, 1),
            new Threshold(0.5, 0.75, 1, 1, 0),
            new Threshold(0.3, 0.6, 1, 2, 0),
            new Threshold(0.1, 0.5, 1, 3, 0));
  }

  @Test
  void cheapest_ofNoCosts_isTheHighest() {
    assertThat(Threshold.cheapest(evaluation(), 0, 0).value()).isInfinite();
    assertThat(Threshold.cheapest(evaluation(), 0, 1).value()).isEqualTo(0.5);
    assertThatThrownBy(() -> Threshold.cheapest(evaluation(), -1, 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("costs must be >= 0, got -1.0 and 1.0");
    assertThatThrownBy(() -> Threshold.cheapest(evaluation(), 1, Double.NaN))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void atPrecision_takesItsBounds() {
    assertThat(Threshold.atPrecision(evaluation(), 1).orElseThrow().value()).isEqualTo(0.8);
    assertThat(Threshold.atPrecision(evaluation(), 0.75).orElseThrow().value()).isEqualTo(0.5);
    assertThat(Threshold.atPrecision(evaluation(), 0).orElseThrow().value()).isEqualTo(0.5);
    for (double wrong : new double[] {-0.01, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> Threshold.atPrecision(evaluation(), wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("precision must be from 0 to 1, got " + wrong);
    }
  }

  @Test
  void all_ofOneClass_isRefused() {
    for (int row : new int[] {0, 1}) {
      assertThatThrownBy(() -> Threshold.all(evaluation().select(row, row)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("rows of both classes");
    }
  }
}
