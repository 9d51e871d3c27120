package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Judges the data of an experiment by a plan. A pure function: same input, same report. Safe for
 * use by several threads.
 */
public final class Analysis {
  private Analysis() {}

  /**
   * Judges the data of a first look.
   *
   * @param experiment the experiment in its current epoch
   * @param plan what was declared before the data
   * @param data what happened
   * @return estimates, health and the verdict
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if the data has a variant, an epoch
   *     or metrics that the experiment or the plan does not know
   */
  public static AnalysisReport run(Experiment experiment, AnalysisPlan plan, ExperimentData data) {
    return run(experiment, plan, data, LookHistory.none());
  }

  /**
   * Judges the data of a further look. A group-sequential plan needs to know the earlier looks; the
   * other plans only draw them.
   *
   * @param experiment the experiment in its current epoch
   * @param plan what was declared before the data
   * @param data what happened
   * @param earlier {@link AnalysisReport#history()} of the report before
   * @return estimates, health and the verdict
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if the data has a variant, an epoch
   *     or metrics that the experiment or the plan does not know
   */
  public static AnalysisReport run(
      Experiment experiment, AnalysisPlan plan, ExperimentData data, LookHistory earlier) {
    List<String> known = experiment.variants().stream().map(Variant::key).toList();
    if (!known.containsAll(data.variants())) {
      throw Checks.invalid("experiment '%s' has the variants %s, the data has %s"
          .formatted(experiment.key(), known, data.variants()));
    }
    LookHistory history = earlier.before(data.units());
    Schedule schedule = Schedule.of(plan, data.units(), history);
    Health health = HealthCheck.of(experiment, plan, data, schedule.looks());
    MetricJudge judge =
        new MetricJudge(experiment, plan, data, schedule.method(), health, schedule.withheld());
    List<MetricResult> results = new ArrayList<>();
    for (String variant : known.subList(1, known.size())) {
      plan.metrics().forEach(metric -> results.add(judge.result(metric, variant)));
    }
    List<MetricResult> adjusted = adjust(plan, results);
    Verdict verdict = Decision.of(experiment, plan, data, health, schedule, adjusted);
    List<MetricResult> shown = Withholding.of(verdict, adjusted);
    LookHistory after =
        schedule.withheld().isPresent() ? history : history.plus(look(data.units(), shown));
    return new AnalysisReport(experiment, plan, health, shown, verdict, after);
  }

  private static LookHistory.Look look(long units, List<MetricResult> results) {
    return new LookHistory.Look(
        units,
        results.stream()
            .filter(r -> Double.isFinite(r.difference()))
            .map(r ->
                new LookHistory.Point(r.metric().name(), r.variant(), r.difference(), r.interval()))
            .toList());
  }

  private static List<MetricResult> adjust(AnalysisPlan plan, List<MetricResult> results) {
    List<Integer> goals = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      MetricResult r = results.get(i);
      if (r.metric().role() instanceof Metric.Role.Goal && r.pValue().isPresent()) {
        goals.add(i);
      }
    }
    double[] p =
        goals.stream().mapToDouble(i -> results.get(i).pValue().orElseThrow()).toArray();
    double[] adjusted = plan.correction() == AnalysisPlan.Correction.HOLM
        ? MultipleTesting.holm(p)
        : MultipleTesting.benjaminiHochberg(p);
    List<MetricResult> out = new ArrayList<>(results);
    for (int k = 0; k < adjusted.length; k++) {
      MetricResult r = results.get(goals.get(k));
      MetricResult.Status status =
          MetricJudge.status(r.metric(), r.difference(), adjusted[k] <= plan.alpha());
      out.set(goals.get(k), r.withAdjusted(adjusted[k], status));
    }
    return List.copyOf(out);
  }

  static Optional<Refusal> refusal(Refusal.Reason reason, String message) {
    return Optional.of(new Refusal(reason, message));
  }
}
