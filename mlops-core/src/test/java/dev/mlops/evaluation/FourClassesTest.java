package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.TestTables;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Four unequal classes with ties, and quantities, against scikit-learn; the file says how. */
class FourClassesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNode VECTOR = read();

  private static JsonNode read() {
    try {
      return MAPPER.readTree(
          TestTables.resource("/dev/mlops/evaluation/sklearn-4-classes.json").toFile());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double[] doubles(String pointer) {
    return MAPPER.convertValue(VECTOR.at(pointer), double[].class);
  }

  private static Evaluation evaluation() {
    return Evaluation.ofScores(
        new Schema(
            List.of(new Feature.Numeric("x")),
            new Target.Classes("y", List.of("a", "b", "c", "d"))),
        true,
        MAPPER.convertValue(VECTOR.get("proba"), double[][].class),
        doubles("/y"));
  }

  @Test
  void metrics_ofFourClasses_agreeOneByOne() {
    Evaluation evaluation = evaluation();
    JsonNode expected = VECTOR.get("metrics");

    assertThat(evaluation.metrics()).hasSize(expected.size());
    evaluation
        .metrics()
        .forEach((name, value) ->
            assertThat(value).as(name).isCloseTo(expected.get(name).doubleValue(), within(1e-12)));
  }

  @Test
  void confusion_ofFourClasses_agrees() {
    ConfusionMatrix confusion = evaluation().confusion();
    long[][] expected = MAPPER.convertValue(VECTOR.get("confusion"), long[][].class);

    for (int t = 0; t < 4; t++) {
      for (int c = 0; c < 4; c++) {
        assertThat(confusion.count(t, c)).isEqualTo(expected[t][c]);
      }
    }
    assertThat(confusion.classes()).containsExactly("a", "b", "c", "d");
    assertThat(confusion).hasToString("[a, b, c, d] " + java.util.Arrays.deepToString(expected));
  }

  @Test
  void precisionRecall_ofOneClass_agreesAtEveryThreshold() {
    Evaluation evaluation = evaluation();

    var points = RankMetrics.precisionRecall(evaluation.positives(1), evaluation.scoresOf(1));

    double[] thresholds = doubles("/precision_recall_of_class_1/threshold");
    double[] precision = doubles("/precision_recall_of_class_1/precision");
    double[] recall = doubles("/precision_recall_of_class_1/recall");
    assertThat(points.size()).isEqualTo(thresholds.length);
    for (int i = 0; i < thresholds.length; i++) {
      assertThat(points.get(i).threshold()).isEqualTo(thresholds[i]);
      assertThat(points.get(i).precision()).isCloseTo(precision[i], within(1e-12));
      assertThat(points.get(i).recall()).isCloseTo(recall[i], within(1e-12));
    }
  }

  @Test
  void rocAucOneVersusOne_ofWhatHasNoPairs_isRefused() {
    assertThatThrownBy(() -> RankMetrics.rocAucOneVersusOne(new int[0], new double[0][]))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> RankMetrics.rocAucOneVersusOne(new int[2], new double[3][2]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("got 2 labels and 3 rows");
    assertThatThrownBy(() -> RankMetrics.rocAucOneVersusOne(new int[2], new double[2][1]))
        .isInstanceOf(InvalidInputException.class);
    assertThat(RankMetrics.rocAucOneVersusOne(new int[] {0, 1}, new double[][] {{1, 0}, {0, 1}}))
        .isEqualTo(1);
    assertThat(RankMetrics.rocAucOneVersusOne(new int[] {0, 0}, new double[][] {{1, 0}, {0, 1}}))
        .isNaN();
    assertThat(RankMetrics.rocAucOneVersusOne(
            new int[] {0, 0}, new double[][] {{1, 0, 0}, {0, 1, 0}}))
        .isNaN();
  }

  @Test
  void metrics_ofQuantities_agree() {
    double[] truth = doubles("/regression/truth");
    double[] predicted = doubles("/regression/predicted");
    Evaluation evaluation = Evaluation.ofScores(
        new Schema(List.of(new Feature.Numeric("x")), new Target.Quantity("y")),
        false,
        IntStream.range(0, truth.length)
            .mapToObj(i -> new double[] {predicted[i]})
            .toArray(double[][]::new),
        truth);

    assertThat(evaluation.metrics().keySet()).containsExactly("mae", "r2", "rmse");
    for (String name : evaluation.metrics().keySet()) {
      assertThat(evaluation.metric(name))
          .isCloseTo(VECTOR.at("/regression/" + name).doubleValue(), within(1e-12));
    }
    assertThatThrownBy(evaluation::confusion)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("label 'y' is a quantity");
  }
}
