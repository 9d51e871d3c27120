package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.stats.SampleRatioTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides whether the data may be judged: multiple exposures, then the sample ratio. */
final class HealthCheck {
  /** Below five expected units the chi-squared approximation does not hold (Cochran 1954). */
  private static final double MINIMUM_EXPECTED = 5;

  private HealthCheck() {}

  static Health of(Experiment experiment, AnalysisPlan plan, ExperimentData data) {
    int n = experiment.variants().size();
    double[] expected = new double[n];
    Optional<SampleRatioTest> test = Optional.empty();
    for (int epoch : data.epochs()) {
      Map<String, Integer> weights = experiment.weightHistory().get(epoch);
      if (weights == null) {
        throw Checks.invalid("experiment '%s' has the epochs %s, the data has epoch %d"
            .formatted(experiment.key(), experiment.weightHistory().keySet(), epoch));
      }
      long[] observed = new long[n];
      double[] planned = new double[n];
      for (int i = 0; i < n; i++) {
        String variant = experiment.variants().get(i).key();
        observed[i] = data.cell(epoch, variant).units();
        planned[i] = weights.getOrDefault(variant, 0);
      }
      long units = java.util.Arrays.stream(observed).sum();
      double total = java.util.Arrays.stream(planned).sum();
      for (int i = 0; i < n; i++) {
        expected[i] += units * planned[i] / total;
      }
      double smallest =
          java.util.Arrays.stream(planned).filter(w -> w > 0).min().orElse(0) * units / total;
      boolean severalArms = java.util.Arrays.stream(planned).filter(w -> w > 0).count() > 1;
      if (severalArms && smallest >= MINIMUM_EXPECTED) {
        SampleRatioTest one = SampleRatioTest.of(observed, planned);
        test = Optional.of(test.map(t -> t.plus(one)).orElse(one));
      }
    }
    List<Health.Arm> arms = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String variant = experiment.variants().get(i).key();
      arms.add(new Health.Arm(variant, data.units(variant), expected[i]));
    }
    double p = test.map(SampleRatioTest::pValue).orElse(1.0);
    Optional<Refusal> refusal = Optional.empty();
    if (data.multipleExposures() > 0) {
      refusal = Optional.of(new Refusal(
          Refusal.Reason.MULTIPLE_EXPOSURES,
          "%d units were seen in more than one variant; none is allowed."
              .formatted(data.multipleExposures())));
    } else if (p < plan.sampleRatioAlpha()) {
      refusal = Optional.of(new Refusal(
          Refusal.Reason.SAMPLE_RATIO_MISMATCH,
          "Units are not split as planned: %s, p = %.3g is below %s."
              .formatted(arms, p, plan.sampleRatioAlpha())));
    }
    return new Health(arms, p, data.multipleExposures(), refusal);
  }
}
