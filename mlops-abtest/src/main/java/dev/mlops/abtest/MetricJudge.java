package dev.mlops.abtest;

import dev.mlops.abtest.internal.analysis.Cell;
import dev.mlops.abtest.internal.analysis.Effect;
import dev.mlops.abtest.internal.analysis.Estimator;
import dev.mlops.abtest.internal.analysis.Method;
import dev.mlops.abtest.stats.Interval;
import dev.mlops.abtest.stats.NormalPosterior;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Judges one metric of one variant, or says why not. */
final class MetricJudge {
  private final Experiment experiment;
  private final AnalysisPlan plan;
  private final ExperimentData data;
  private final Method method;
  private final Optional<Refusal> withheld;

  MetricJudge(
      Experiment experiment,
      AnalysisPlan plan,
      ExperimentData data,
      Method method,
      Health health,
      Optional<Refusal> withheld) {
    this.experiment = experiment;
    this.plan = plan;
    this.data = data;
    this.method = method;
    this.withheld = health.refusal().or(() -> withheld);
  }

  MetricResult result(Metric metric, String variant) {
    List<Estimator.Pair> pairs = new ArrayList<>();
    long notFinite = 0;
    long controlUnits = 0;
    long treatmentUnits = 0;
    boolean zeroDenominator = false;
    for (int epoch : data.epochs()) {
      Cell control = data.cell(epoch, experiment.control().key());
      Cell treatment = data.cell(epoch, variant);
      Estimator.Pair pair = new Estimator.Pair(control, treatment);
      notFinite += control.notFinite(metric) + treatment.notFinite(metric);
      controlUnits += control.units();
      treatmentUnits += treatment.units();
      if (Estimator.usable(metric, pair)) {
        zeroDenominator |= Estimator.zeroDenominator(metric, pair);
        pairs.add(pair);
      }
    }
    Optional<Refusal> refusal = Optional.empty();
    if (notFinite > 0) {
      refusal = Analysis.refusal(
          Refusal.Reason.NOT_A_NUMBER,
          "Metric '%s': %d outcomes of '%s' or the control are NaN or infinite."
              .formatted(metric.name(), notFinite, variant));
    } else if (pairs.isEmpty()) {
      refusal = Optional.of(tooFew(metric, variant, controlUnits, treatmentUnits));
    } else if (zeroDenominator) {
      refusal = Analysis.refusal(
          Refusal.Reason.ZERO_DENOMINATOR,
          "Metric '%s': the mean denominator of '%s' or the control is 0."
              .formatted(metric.name(), variant));
    }
    return refusal
        .map(r -> untested(metric, variant, data.units(control()), data.units(variant), r))
        .orElseGet(() -> tested(metric, variant, Estimator.effect(metric, pairs)));
  }

  private String control() {
    return experiment.control().key();
  }

  private Refusal tooFew(Metric metric, String variant, long control, long treatment) {
    return new Refusal(
        Refusal.Reason.TOO_FEW_UNITS,
        "Metric '%s': %d units in the control and %d in '%s' are too few for %s."
            .formatted(metric.name(), control, treatment, variant, metric.kind()));
  }

  private MetricResult tested(Metric metric, String variant, Effect effect) {
    Optional<Refusal> refusal = withheld.or(() -> unfit(metric, variant, effect));
    boolean show = refusal.isEmpty();
    boolean bayes = method instanceof Method.Bayes;
    Optional<NormalPosterior> posterior = show && method instanceof Method.Bayes b
        ? Optional.of(b.posterior(effect))
        : Optional.empty();
    OptionalDouble p = show && effect.testable() && !bayes
        ? OptionalDouble.of(method.pValue(effect))
        : OptionalDouble.empty();
    return new MetricResult(
        metric,
        variant,
        effect.controlUnits(),
        effect.treatmentUnits(),
        effect.control(),
        effect.treatment(),
        effect.difference(),
        show ? Optional.of(method.interval(effect, plan.alpha())) : Optional.empty(),
        p,
        OptionalDouble.empty(),
        show ? effect.relativeLift(method.criticalValue(effect, plan.alpha())) : Optional.empty(),
        posterior,
        show ? status(metric, effect, p, posterior) : MetricResult.Status.NOT_TESTED,
        method.name(effect),
        method.peekSafe(),
        refusal);
  }

  /** A guardrail on a proportion needs no variance: its interval is wide where nothing happened. */
  private Optional<Refusal> unfit(Metric metric, String variant, Effect effect) {
    if (Math.min(effect.controlUnits(), effect.treatmentUnits()) < method.minimumUnits()) {
      return Optional.of(tooFew(metric, variant, effect.controlUnits(), effect.treatmentUnits()));
    }
    boolean proportionGuardrail = metric.role() instanceof Metric.Role.Guardrail
        && metric.kind() instanceof Metric.Kind.Proportion;
    return effect.testable() || proportionGuardrail
        ? Optional.empty()
        : Analysis.refusal(
            Refusal.Reason.ZERO_VARIANCE,
            "Metric '%s': every unit of the control and '%s' has the same value."
                .formatted(metric.name(), variant));
  }

  private MetricResult.Status status(
      Metric metric, Effect effect, OptionalDouble p, Optional<NormalPosterior> posterior) {
    if (metric.role() instanceof Metric.Role.Guardrail guardrail) {
      return guardrail(metric, guardrail, effect);
    }
    boolean significant = posterior
        .map(d -> Math.max(d.chanceAboveZero(), 1 - d.chanceAboveZero()) >= 1 - plan.alpha())
        .orElseGet(() -> p.orElse(1) <= plan.alpha());
    double difference = posterior.map(NormalPosterior::mean).orElse(effect.difference());
    return status(metric, difference, significant);
  }

  static MetricResult.Status status(Metric metric, double difference, boolean significant) {
    if (!significant) {
      return MetricResult.Status.INCONCLUSIVE;
    }
    return difference * metric.direction().sign() > 0
        ? MetricResult.Status.BETTER
        : MetricResult.Status.WORSE;
  }

  /** Two one-sided tests at alpha against the margin, read off the interval at 2 alpha. */
  private MetricResult.Status guardrail(
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

  private MetricResult untested(
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
        Optional.empty(),
        MetricResult.Status.NOT_TESTED,
        "none",
        method.peekSafe(),
        Optional.of(refusal));
  }
}
