package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.internal.Shuffle;
import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.PermutationImportance.Importance;
import dev.mlops.model.Predictor;
import dev.mlops.training.TestTables;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PermutationImportanceTest {
  private static final Table TABLE = TestTables.mixed(600, 5).without("country");

  private static final Predictor AMOUNT_ONLY = new Predictor() {
    @Override
    public Schema schema() {
      return TABLE.schema();
    }

    @Override
    public boolean givesProbabilities() {
      return true;
    }

    @Override
    public void predict(double[] row, double[] scores) {
      scores[1] = Double.isNaN(row[0]) ? 0.1 : row[0] / (row[0] + 10);
      scores[0] = 1 - scores[1];
    }

    @Override
    public String describe() {
      return "amount only";
    }
  };

  @Test
  void of_isZeroForWhatTheModelIgnoresAndPositiveForTheRest() {
    for (String metric : List.of("roc_auc", "log_loss")) {
      var importances = PermutationImportance.of(AMOUNT_ONLY, TABLE, metric, 3, 1);

      assertThat(importances.get(0).feature()).isEqualTo("amount");
      assertThat(importances.get(0).mean()).isPositive();
      assertThat(importances.subList(1, 3)).allSatisfy(importance -> {
        assertThat(importance.mean()).isZero();
        assertThat(importance.deviation()).isZero();
      });
    }
  }

  /** The two shuffles by hand. */
  @Test
  void of_twoRepeats_isTheMeanDropAndItsDeviation() {
    double base = Evaluation.of(AMOUNT_ONLY, TABLE).metric("roc_auc");
    Random random = Shuffle.random(Shuffle.derive(7, 0));
    double[] drops = new double[2];
    for (int r = 0; r < 2; r++) {
      int[] order = IntStream.range(0, TABLE.size()).toArray();
      Shuffle.inPlace(order, random);
      double[] amounts = TABLE.column("amount");
      double[] shuffled = Arrays.stream(order).mapToDouble(i -> amounts[i]).toArray();
      drops[r] =
          base - Evaluation.of(AMOUNT_ONLY, TABLE.with("amount", shuffled)).metric("roc_auc");
    }

    Importance two =
        PermutationImportance.of(AMOUNT_ONLY, TABLE, "roc_auc", 2, 7).get(0);
    Importance one =
        PermutationImportance.of(AMOUNT_ONLY, TABLE, "roc_auc", 1, 7).get(0);

    assertThat(drops[0]).isNotEqualTo(drops[1]);
    assertThat(two.mean()).isCloseTo((drops[0] + drops[1]) / 2, within(1e-12));
    assertThat(two.deviation())
        .isCloseTo(Math.abs(drops[0] - drops[1]) / Math.sqrt(2), within(1e-12));
    assertThat(one.mean()).isEqualTo(drops[0]);
    assertThat(one.deviation()).isZero();
  }

  @Test
  void of_noRepeats_isRefused() {
    assertThatThrownBy(() -> PermutationImportance.of(AMOUNT_ONLY, TABLE, "roc_auc", 0, 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("repeats must be >= 1, got 0");
  }
}
