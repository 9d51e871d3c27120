package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.stats.SampleRatioTest;
import dev.mlops.abtest.stats.SequentialSampleRatioTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides whether the data may be judged: multiple exposures, then the sample ratio. */
final class HealthCheck {
  /** Below five expected units the chi-squared approximation does not hold (Cochran 1954). */
  private static final double MINIMUM_EXPECTED = 5;

  private HealthCheck() {}

  /** {@code looks}: how many looks share the chi-squared test's level; 0 leaves it out. */
  static Health of(Experiment experiment, AnalysisPlan plan, ExperimentData data, int looks) {
    List<String> variants = experiment.variants().stream().map(Variant::key).toList();
    double[] expected = new double[variants.size()];
    Optional<SampleRatioTest> chiSquared = Optional.empty();
    SequentialSampleRatioTest sequential = new SequentialSampleRatioTest(0);
    for (int epoch : data.epochs()) {
      double[] planned = weights(experiment, variants, epoch);
      long[] observed =
          variants.stream().mapToLong(v -> data.cell(epoch, v).units()).toArray();
      long units = Arrays.stream(observed).sum();
      double total = Arrays.stream(planned).sum();
      for (int i = 0; i < expected.length; i++) {
        expected[i] += units * planned[i] / total;
      }
      sequential = sequential.plus(SequentialSampleRatioTest.of(observed, planned));
      double smallest = Arrays.stream(planned).filter(w -> w > 0).min().orElse(0) * units / total;
      if (Arrays.stream(planned).filter(w -> w > 0).count() > 1 && smallest >= MINIMUM_EXPECTED) {
        SampleRatioTest one = SampleRatioTest.of(observed, planned);
        chiSquared = Optional.of(chiSquared.map(t -> t.plus(one)).orElse(one));
      }
    }
    List<Health.Arm> arms = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      arms.add(new Health.Arm(variants.get(i), data.units(variants.get(i)), expected[i]));
    }
    double p = chiSquared.map(SampleRatioTest::pValue).orElse(1.0);
    double sequentialP = sequential.pValue();
    Optional<Refusal> refusal =
        exposures(data).or(() -> ratio(plan, arms, looks == 0 ? 1 : p * looks, sequentialP));
    return new Health(arms, p, sequentialP, data.multipleExposures(), refusal);
  }

  private static double[] weights(Experiment experiment, List<String> variants, int epoch) {
    Map<String, Integer> weights = experiment.weightHistory().get(epoch);
    if (weights == null) {
      throw Checks.invalid("experiment '%s' has the epochs %s, the data has epoch %d"
          .formatted(experiment.key(), experiment.weightHistory().keySet(), epoch));
    }
    return variants.stream().mapToDouble(v -> weights.getOrDefault(v, 0)).toArray();
  }

  private static Optional<Refusal> exposures(ExperimentData data) {
    return data.multipleExposures() == 0
        ? Optional.empty()
        : Analysis.refusal(
            Refusal.Reason.MULTIPLE_EXPOSURES,
            "%d units were seen in more than one variant; none is allowed."
                .formatted(data.multipleExposures()));
  }

  private static Optional<Refusal> ratio(
      AnalysisPlan plan, List<Health.Arm> arms, double p, double sequentialP) {
    double smaller = Math.min(p, sequentialP);
    if (smaller >= plan.sampleRatioAlpha()) {
      return Optional.empty();
    }
    List<String> counts = arms.stream()
        .map(a -> "%s %d (expected %.0f)".formatted(a.variant(), a.units(), a.expected()))
        .toList();
    return Analysis.refusal(
        Refusal.Reason.SAMPLE_RATIO_MISMATCH,
        "Units are not split as planned: %s; p = %.2g is below %s."
            .formatted(String.join(", ", counts), smaller, plan.sampleRatioAlpha()));
  }
}
