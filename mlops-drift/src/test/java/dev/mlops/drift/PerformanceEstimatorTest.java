package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
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

    Calibration calibration = Calibration.fit(Vectors.numbers(v.get("scores")), labels);

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
