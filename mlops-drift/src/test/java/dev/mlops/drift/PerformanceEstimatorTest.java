package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PerformanceEstimatorTest {
  private static final JsonNode CBPE = Vectors.section("cbpe");

  @Test
  void expected_ofTheSmallVector_equalsNannyml() {
    JsonNode v = CBPE.get("small");
    double[] p = Vectors.numbers(v.get("calibrated_proba"));
    double[] scores = Vectors.numbers(v.get("model_proba"));
    double threshold = v.get("y_pred_threshold").doubleValue();
    int[] predicted =
        Arrays.stream(scores).mapToInt(s -> s >= threshold ? 1 : 0).toArray();

    PerformanceEstimator.Performance result = PerformanceEstimator.expected(p, predicted, scores);

    JsonNode e = v.get("estimate");
    assertThat(result.rocAuc()).isCloseTo(e.get("roc_auc").doubleValue(), within(1e-9));
    assertThat(result.f1()).isCloseTo(e.get("f1").doubleValue(), within(1e-9));
    assertThat(result.precision()).isCloseTo(e.get("precision").doubleValue(), within(1e-9));
    assertThat(result.recall()).isCloseTo(e.get("recall").doubleValue(), within(1e-9));
    assertThat(result.specificity()).isCloseTo(e.get("specificity").doubleValue(), within(1e-9));
    assertThat(result.accuracy()).isCloseTo(e.get("accuracy").doubleValue(), within(1e-9));
  }

  @Test
  void calibration_ofTheIsotonicVector_equalsScikitLearn() {
    JsonNode v = CBPE.get("isotonic");
    int[] labels = new int[v.get("labels").size()];
    Arrays.setAll(labels, i -> v.get("labels").get(i).intValue());

    PerformanceEstimator.Calibration calibration =
        PerformanceEstimator.Calibration.fit(Vectors.numbers(v.get("scores")), labels);

    assertThat(calibration.apply(Vectors.numbers(v.get("query"))))
        .containsExactly(Vectors.numbers(v.get("calibrated")), within(1e-12));
  }

  @Test
  void estimate_underCovariateShift_findsTheRealisedPerformance() {
    Random random = new Random(17);
    double[] scores = random.doubles(20_000).toArray();
    PerformanceEstimator estimator = PerformanceEstimator.fit(scores, labels(scores, random), 0.5);
    double[] live = random.doubles(4000).map(Math::sqrt).toArray();
    int[] truth = labels(live, random);

    PerformanceEstimator.Estimate estimate = estimator.estimate(live, new Random(3));

    PerformanceEstimator.Performance realised = PerformanceEstimator.realised(
        truth, Arrays.stream(live).mapToInt(s -> s >= 0.5 ? 1 : 0).toArray(), live);
    assertThat(estimate.expected().accuracy())
        .isCloseTo(realised.accuracy(), within(4 * estimate.samplingError().accuracy()));
    assertThat(estimate.expected().rocAuc())
        .isCloseTo(realised.rocAuc(), within(4 * estimate.samplingError().rocAuc()));
    assertThat(estimate.expected().f1())
        .isCloseTo(realised.f1(), within(4 * estimate.samplingError().f1()));
    assertThat(estimate.samplingError().accuracy()).isBetween(0.003, 0.012);
  }

  /** True P(1) is the square of the score: uncalibrated on purpose. */
  private static int[] labels(double[] scores, Random random) {
    return Arrays.stream(scores)
        .mapToInt(s -> random.nextDouble() < s * s ? 1 : 0)
        .toArray();
  }

  /**
   * California housing with a model's scores, from NannyML (Apache-2.0, commit 4c86ee35): "r" are
   * the reference rows, "a" those to analyse; columns score, prediction, true label.
   */
  @Test
  void estimates_onCaliforniaHousing_equalNannyml() throws IOException {
    Columns rows;
    try (var in = PerformanceEstimatorTest.class.getResourceAsStream("california_housing.csv")) {
      rows = Columns.fromCsv(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
    @Nullable String[] set = rows.categorical("set");
    int n = (int) Arrays.stream(set).filter("r"::equals).count();
    double[] scores = rows.numeric("y_pred_proba");
    int[] predicted =
        Arrays.stream(rows.numeric("y_pred")).mapToInt(v -> (int) v).toArray();
    int[] truth =
        Arrays.stream(rows.numeric("clf_target")).mapToInt(v -> (int) v).toArray();
    double[] reference = Arrays.copyOf(scores, n);
    PerformanceEstimator.Calibration calibration =
        PerformanceEstimator.Calibration.fit(reference, Arrays.copyOf(truth, n));
    JsonNode v = CBPE.get("california_housing");
    assertPerformance(
        PerformanceEstimator.realised(
            Arrays.copyOf(truth, n), Arrays.copyOf(predicted, n), reference),
        v.get("reference_realized"),
        1e-9);

    for (JsonNode chunk : v.get("chunks_of_2000")) {
      int from = n + 2000 * chunk.get("chunk").intValue();
      int to = from + 2000;
      double[] live = Arrays.copyOfRange(scores, from, to);
      int[] decided = Arrays.copyOfRange(predicted, from, to);
      double[] probabilities = calibration.apply(live);
      JsonNode e = chunk.get("estimated_with_isotonic_on_full_reference");

      PerformanceEstimator.Performance estimate =
          PerformanceEstimator.expected(probabilities, decided, live);

      assertThat(estimate.accuracy()).isCloseTo(e.get("accuracy").doubleValue(), within(1e-9));
      assertThat(estimate.f1()).isCloseTo(e.get("f1").doubleValue(), within(1e-10));
      assertThat(estimate.precision()).isCloseTo(e.get("precision").doubleValue(), within(1e-9));
      assertThat(estimate.recall()).isCloseTo(e.get("recall").doubleValue(), within(1e-11));
      assertThat(estimate.specificity())
          .isCloseTo(e.get("specificity").doubleValue(), within(1e-9));
      // NannyML rounds on the way; its own figure is in PeerConventions.
      assertThat(estimate.rocAuc()).isCloseTo(e.get("roc_auc").doubleValue(), within(1e-7));
      assertThat(PeerConventions.nannymlRocAuc(probabilities, live))
          .isCloseTo(e.get("roc_auc").doubleValue(), within(1e-9));
      assertPerformance(
          PerformanceEstimator.realised(Arrays.copyOfRange(truth, from, to), decided, live),
          chunk.get("realized"),
          1e-9);
      JsonNode drift = Vectors.section("real_data")
          .at("/california_housing/analysis[" + (from - n) + ":" + (to - n) + "]/y_pred_proba");
      assertThat(KolmogorovSmirnov.statistic(reference, live))
          .isCloseTo(drift.get("D").doubleValue(), within(1e-12));
      assertThat(PeerConventions.evidentlyWasserstein(reference, live))
          .isCloseTo(drift.get("W_norm").doubleValue(), within(1e-10));
    }
  }

  private static void assertPerformance(
      PerformanceEstimator.Performance actual, JsonNode expected, double tolerance) {
    assertThat(actual.rocAuc()).isCloseTo(expected.get("roc_auc").doubleValue(), within(tolerance));
    assertThat(actual.f1()).isCloseTo(expected.get("f1").doubleValue(), within(tolerance));
    assertThat(actual.accuracy())
        .isCloseTo(expected.get("accuracy").doubleValue(), within(tolerance));
  }

  @Test
  void fit_ofBadInput_isRefused() {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> PerformanceEstimator.fit(new double[5], new int[5], 0.5))
        .withMessageContaining("at least 30");
    int[] labels = new int[30];
    labels[3] = 2;
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> PerformanceEstimator.fit(new double[30], labels, 0.5))
        .withMessage("label 3 must be 0 or 1, got 2");
  }
}
