package dev.mlops.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenRowsTest {
  private static final double[][] ROWS = {{1}, {2}};

  @ParameterizedTest
  @CsvSource({
    "1, 1, true",
    "1, 1.0000001, true",
    "1, 1.001, false",
    "1e6, 1000000.1, true",
    "Infinity, Infinity, true",
    "Infinity, 0.5, false",
    "Infinity, -Infinity, false",
    "-Infinity, NaN, false",
    "0.5, Infinity, false",
    "0.5, NaN, false",
    "NaN, NaN, true",
    "NaN, 0.5, false"
  })
  void firstDifference_ofAScore_isJudgedByTheTolerance(
      double recorded, double now, boolean agrees) {
    GoldenRows golden = GoldenRows.record(constant(recorded, 1), ROWS);

    assertThat(golden.firstDifference(constant(now, 1), 1e-6).isEmpty()).isEqualTo(agrees);
  }

  @Test
  void firstDifference_ofAModelOfAnotherWidth_isTheShape() {
    GoldenRows golden = GoldenRows.record(constant(1, 1), ROWS);

    assertThat(golden.firstDifference(constant(1, 2), 1e-6))
        .hasValue("golden rows have 1 values and 1 scores, the model reads 2 and gives 1");
  }

  private static Predictor constant(double score, int width) {
    var features = java.util.stream.IntStream.range(0, width)
        .<Feature>mapToObj(i -> new Feature.Numeric("x" + i))
        .toList();
    return new Predictor() {
      @Override
      public Schema schema() {
        return new Schema(features, new Target.Quantity("y"));
      }

      @Override
      public boolean givesProbabilities() {
        return false;
      }

      @Override
      public void predict(double[] row, double[] scores) {
        scores[0] = score;
      }

      @Override
      public String describe() {
        return "constant " + score;
      }
    };
  }
}
