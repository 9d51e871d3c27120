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
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Against values recorded from scikit-learn 1.2.1. */
class MetricsVectorTest {
  private static final Offset<Double> CLOSE = within(1e-12);

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNode VECTOR = read();
  private static final double[] SCORES = MAPPER.convertValue(VECTOR.get("score"), double[].class);
  private static final double[] WEIGHTS = MAPPER.convertValue(VECTOR.get("weight"), double[].class);

  private static JsonNode read() {
    try {
      return MAPPER.readTree(
          TestTables.resource("/dev/mlops/evaluation/metrics.json").toFile());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean[] positive() {
    int[] y = MAPPER.convertValue(VECTOR.get("y"), int[].class);
    boolean[] positive = new boolean[y.length];
    for (int i = 0; i < y.length; i++) {
      positive[i] = y[i] == 1;
    }
    return positive;
  }

  private static double expected(String name) {
    return VECTOR.get(name).doubleValue();
  }

  private static Evaluation binary() {
    double[][] scores = new double[SCORES.length][];
    double[] targets = new double[SCORES.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = new double[] {1 - SCORES[i], SCORES[i]};
      targets[i] = positive()[i] ? 1 : 0;
    }
    var schema = new Schema(
        List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("no", "yes")));
    return Evaluation.ofScores(schema, true, scores, targets);
  }

  @Test
  void rocAuc_withTiesAndWeights_agrees() {
    assertThat(RankMetrics.rocAuc(positive(), SCORES)).isCloseTo(expected("auc"), CLOSE);
    assertThat(RankMetrics.rocAuc(positive(), SCORES, WEIGHTS))
        .isCloseTo(expected("auc_weighted"), CLOSE);
  }

  @Test
  void averagePrecision_withTiesAndWeights_agrees() {
    assertThat(RankMetrics.averagePrecision(positive(), SCORES))
        .isCloseTo(expected("average_precision"), CLOSE);
    assertThat(RankMetrics.averagePrecision(positive(), SCORES, WEIGHTS))
        .isCloseTo(expected("average_precision_weighted"), CLOSE);
  }

  @Test
  void roc_ofEveryDistinctScore_containsTheRecordedPoints() {
    double[] fpr = MAPPER.convertValue(VECTOR.at("/roc/fpr"), double[].class);
    double[] tpr = MAPPER.convertValue(VECTOR.at("/roc/tpr"), double[].class);

    var points = RankMetrics.roc(positive(), SCORES);

    for (int i = 0; i < fpr.length; i++) {
      double x = fpr[i];
      double y = tpr[i];
      assertThat(points).anySatisfy(point -> {
        assertThat(point.falsePositiveRate()).isCloseTo(x, CLOSE);
        assertThat(point.truePositiveRate()).isCloseTo(y, CLOSE);
      });
    }
    assertThat(points).hasSize(9);
  }

  @Test
  void metrics_ofTwoClasses_agree() {
    Evaluation evaluation = binary();

    assertThat(evaluation.metric("roc_auc")).isCloseTo(expected("auc"), CLOSE);
    assertThat(evaluation.metric("pr_auc")).isCloseTo(expected("average_precision"), CLOSE);
    assertThat(evaluation.metric("log_loss")).isCloseTo(expected("log_loss"), CLOSE);
    assertThat(evaluation.metric("brier")).isCloseTo(expected("brier"), CLOSE);
    JsonNode at = VECTOR.get("at_0.5");
    for (String name : List.of("f1", "mcc", "kappa", "balanced_accuracy", "precision", "recall")) {
      assertThat(evaluation.metric(name)).as(name).isCloseTo(at.get(name).doubleValue(), CLOSE);
    }
  }

  @Test
  void metrics_ofThreeClasses_agree() {
    JsonNode multi = VECTOR.get("multiclass");
    double[][] scores = MAPPER.convertValue(multi.get("proba"), double[][].class);
    double[] targets = MAPPER.convertValue(multi.get("y"), double[].class);
    var schema = new Schema(
        List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("a", "b", "c")));

    Evaluation evaluation = Evaluation.ofScores(schema, true, scores, targets);

    assertThat(evaluation.metric("roc_auc"))
        .isCloseTo(multi.get("auc_ovr_macro").doubleValue(), CLOSE);
    assertThat(evaluation.metric("roc_auc_ovo"))
        .isCloseTo(multi.get("auc_ovo_macro").doubleValue(), CLOSE);
    assertThat(evaluation.metric("log_loss")).isCloseTo(multi.get("log_loss").doubleValue(), CLOSE);
    assertThat(evaluation.metric("f1")).isCloseTo(multi.get("f1_macro").doubleValue(), CLOSE);
    assertThat(evaluation.metric("f1_weighted"))
        .isCloseTo(multi.get("f1_weighted").doubleValue(), CLOSE);
  }

  @Test
  void rocAuc_ofOneClass_isNaN() {
    assertThat(RankMetrics.rocAuc(new boolean[] {true, true}, new double[] {1, 2}))
        .isNaN();
    assertThat(RankMetrics.averagePrecision(new boolean[2], new double[] {1, 2}))
        .isNaN();
  }

  @Test
  void rocAuc_ofNaNScore_isRefused() {
    assertThatThrownBy(
            () -> RankMetrics.rocAuc(new boolean[] {true, false}, new double[] {1, Double.NaN}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("score 1");
  }
}
