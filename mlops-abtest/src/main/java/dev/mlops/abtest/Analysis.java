package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.analysis.Cell;
import dev.mlops.abtest.internal.analysis.Effect;
import dev.mlops.abtest.internal.analysis.Estimator;
import dev.mlops.abtest.internal.analysis.Method;
import dev.mlops.abtest.stats.Interval;
import dev.mlops.abtest.stats.MultipleTesting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Judges the data of an experiment by a plan. A pure function: same input, same report. Safe for
 * use by several threads.
 */
public final class Analysis {
  private final Experiment experiment;
  private final AnalysisPlan plan;
  private final ExperimentData data;
  private final Method method;

  private Analysis(Experiment experiment, AnalysisPlan plan, ExperimentData data) {
    this.experiment = experiment;
    this.plan = plan;
    this.data = data;
    this.method = new Method.FixedHorizon();
  }

  /**
   * Judges the data.
   *
   * @param experiment the experiment in its current epoch
   * @param plan what was declared before the data
   * @param data what happened
   * @return estimates, health and the verdict
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if the data has a variant or an
   *     epoch that the experiment does not know
   */
  public static AnalysisReport run(Experiment experiment, AnalysisPlan plan, ExperimentData data) {
    return new Analysis(experiment, plan, data).report();
  }

  private AnalysisReport report() {
    List<String> known = experiment.variants().stream().map(Variant::key).toList();
    if (!known.containsAll(data.variants())) {
      throw Checks.invalid("experiment '%s' has the variants %s, the data has %s"
          .formatted(experiment.key(), known, data.variants()));
    }
    Health health = HealthCheck.of(experiment, plan, data);
    Optional<Refusal> pending = pending();
    List<MetricResult> results = new ArrayList<>();
    for (Variant variant : experiment.variants().subList(1, known.size())) {
      for (Metric metric : plan.metrics()) {
        results.add(result(metric, variant.key(), health.refusal().or(() -> pending)));
      }
    }
    List<MetricResult> adjusted = adjust(results);
    Verdict verdict = verdict(health, pending, adjusted);
    return new AnalysisReport(experiment, plan, health, adjusted, verdict);
  }

  private Optional<Refusal> pending() {
    long planned = ((AnalysisPlan.Design.Fixed) plan.design()).plannedUnits();
    long units = data.units();
    return units >= planned
        ? Optional.empty()
        : Optional.of(new Refusal(
            Refusal.Reason.PLANNED_UNITS_NOT_REACHED,
            "%d of %d planned units.".formatted(units, planned)));
  }

  private MetricResult result(Metric metric, String variant, Optional<Refusal> withheld) {
    List<Estimator.Pair> pairs = new ArrayList<>();
    long notFinite = 0;
    long controlUnits = 0;
    long treatmentUnits = 0;
    for (int epoch : data.epochs()) {
      Cell control = data.cell(epoch, experiment.control().key());
      Cell treatment = data.cell(epoch, variant);
      notFinite += control.notFinite(metric) + treatment.notFinite(metric);
      controlUnits += control.units();
      treatmentUnits += treatment.units();
      if (control.moments(metric).n() >= 2 && treatment.moments(metric).n() >= 2) {
        pairs.add(new Estimator.Pair(control, treatment));
      }
    }
    if (notFinite > 0) {
      String message = "metric '%s': %d outcomes of '%s' or the control are NaN or infinite."
          .formatted(metric.name(), notFinite, variant);
      return refused(metric, variant, controlUnits, treatmentUnits, message);
    }
    if (pairs.isEmpty()) {
      Refusal refusal = new Refusal(
          Refusal.Reason.TOO_FEW_UNITS,
          "metric '%s': needs two units in each arm of an epoch, has %d in control and %d in '%s'."
              .formatted(metric.name(), controlUnits, treatmentUnits, variant));
      return empty(metric, variant, controlUnits, treatmentUnits, refusal);
    }
    return tested(metric, variant, Estimator.effect(metric, pairs), withheld);
  }

  private MetricResult tested(
      Metric metric, String variant, Effect effect, Optional<Refusal> withheld) {
    boolean guardrail = metric.role() instanceof Metric.Role.Guardrail;
    boolean usable =
        effect.testable() || (guardrail && metric.kind() instanceof Metric.Kind.Proportion);
    Optional<Refusal> refusal = withheld.or(() -> usable
        ? Optional.empty()
        : Optional.of(new Refusal(
            Refusal.Reason.ZERO_VARIANCE,
            "metric '%s': every unit of the control and '%s' has the same value."
                .formatted(metric.name(), variant))));
    boolean show = refusal.isEmpty();
    Optional<Interval> interval =
        show ? Optional.of(method.interval(effect, plan.alpha())) : Optional.empty();
    OptionalDouble p = show && effect.testable()
        ? OptionalDouble.of(method.pValue(effect))
        : OptionalDouble.empty();
    MetricResult.Status status = !show
        ? MetricResult.Status.NOT_TESTED
        : metric.role() instanceof Metric.Role.Guardrail g
            ? guardrailStatus(metric, g, effect)
            : goalStatus(metric, effect.difference(), p.orElse(1));
    return new MetricResult(
        metric,
        variant,
        effect.controlUnits(),
        effect.treatmentUnits(),
        effect.control(),
        effect.treatment(),
        effect.difference(),
        interval,
        p,
        OptionalDouble.empty(),
        show ? effect.relativeLift(method.criticalValue(effect, plan.alpha())) : Optional.empty(),
        status,
        method.name(effect),
        method.peekSafe(),
        refusal);
  }

  private MetricResult.Status guardrailStatus(
      Metric metric, Metric.Role.Guardrail guardrail, Effect effect) {
    Interval oneSided = method.interval(effect, 2 * plan.alpha());
    int sign = metric.direction().sign();
    double worstGain = sign > 0 ? oneSided.low() : -oneSided.high();
    double bestGain = sign > 0 ? oneSided.high() : -oneSided.low();
    if (worstGain > -guardrail.margin()) {
      return MetricResult.Status.WITHIN_MARGIN;
    }
    return bestGain < -guardrail.margin()
        ? MetricResult.Status.BEYOND_MARGIN
        : MetricResult.Status.OPEN;
  }

  private MetricResult.Status goalStatus(Metric metric, double difference, double p) {
    if (p > plan.alpha()) {
      return MetricResult.Status.INCONCLUSIVE;
    }
    return difference * metric.direction().sign() > 0
        ? MetricResult.Status.BETTER
        : MetricResult.Status.WORSE;
  }

  private MetricResult refused(
      Metric metric, String variant, long control, long treatment, String message) {
    return empty(
        metric, variant, control, treatment, new Refusal(Refusal.Reason.NOT_A_NUMBER, message));
  }

  private MetricResult empty(
      Metric metric, String variant, long control, long treatment, Refusal refusal) {
    return new MetricResult(
        metric,
        variant,
        control,
        treatment,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        MetricResult.Status.NOT_TESTED,
        "none",
        method.peekSafe(),
        Optional.of(refusal));
  }

  private List<MetricResult> adjust(List<MetricResult> results) {
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
      MetricResult.Status status = goalStatus(r.metric(), r.difference(), adjusted[k]);
      out.set(goals.get(k), r.withAdjusted(adjusted[k], status));
    }
    return List.copyOf(out);
  }

  private Verdict verdict(Health health, Optional<Refusal> pending, List<MetricResult> results) {
    List<Refusal> invalid = new ArrayList<>(health.refusal().stream().toList());
    for (MetricResult r : results) {
      boolean decides = !(r.metric().role() instanceof Metric.Role.Signal);
      if (decides && r.refusal().isPresent() && !health.refusal().equals(r.refusal())) {
        Refusal refusal = r.refusal().get();
        boolean early = refusal.reason() == Refusal.Reason.PLANNED_UNITS_NOT_REACHED
            || (pending.isPresent() && refusal.reason() == Refusal.Reason.TOO_FEW_UNITS);
        if (!early) {
          invalid.add(refusal);
        }
      }
    }
    if (!invalid.isEmpty()) {
      return new Verdict.Invalid(invalid);
    }
    if (pending.isPresent()) {
      long planned = ((AnalysisPlan.Design.Fixed) plan.design()).plannedUnits();
      return new Verdict.NotYet(List.of(pending.get()), OptionalLong.of(planned - data.units()));
    }
    return Decision.of(experiment, results);
  }
}
