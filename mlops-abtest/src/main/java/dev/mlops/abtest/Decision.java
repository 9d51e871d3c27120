package dev.mlops.abtest;

import dev.mlops.abtest.stats.ConfidenceSequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/*
 * In this order: data that cannot be judged; a plan whose look is not due; a winner; an open guardrail
 * that stands between a variant and winning; harm; what is left is undecided, or the control's.
 */
/** Turns results into a verdict. */
final class Decision {
  private static final Set<Refusal.Reason> EARLY = Set.of(
      Refusal.Reason.PLANNED_UNITS_NOT_REACHED,
      Refusal.Reason.LOOKS_USED_UP,
      Refusal.Reason.TOO_FEW_UNITS,
      Refusal.Reason.ZERO_VARIANCE);

  private final Experiment experiment;
  private final AnalysisPlan plan;
  private final Schedule schedule;
  private final List<MetricResult> results;

  private Decision(
      Experiment experiment, AnalysisPlan plan, Schedule schedule, List<MetricResult> results) {
    this.experiment = experiment;
    this.plan = plan;
    this.schedule = schedule;
    this.results = results;
  }

  static Verdict of(
      Experiment experiment,
      AnalysisPlan plan,
      ExperimentData data,
      Health health,
      Schedule schedule,
      List<MetricResult> results) {
    List<Refusal> deciding = results.stream()
        .filter(r -> !(r.metric().role() instanceof Metric.Role.Signal))
        .flatMap(r -> r.refusal().stream())
        .distinct()
        .toList();
    if (health.refusal().isPresent()) {
      List<Refusal> all = new ArrayList<>(health.refusal().stream().toList());
      deciding.stream().filter(r -> !all.contains(r)).forEach(all::add);
      return new Verdict.Invalid(all);
    }
    boolean mayGrow = schedule.withheld().isPresent() || !schedule.last();
    List<Refusal> fatal =
        deciding.stream().filter(r -> !(mayGrow && EARLY.contains(r.reason()))).toList();
    List<Refusal> broken =
        fatal.stream().filter(r -> r.reason() != Refusal.Reason.LOOKS_USED_UP).toList();
    if (!broken.isEmpty()) {
      return new Verdict.Invalid(broken);
    }
    if (schedule.withheld().isPresent()) {
      Refusal why = schedule.withheld().get();
      return schedule.last()
          ? new Verdict.KeepControl(
              "Keep '%s': %s".formatted(experiment.control().key(), why.message()))
          : new Verdict.NotYet(List.of(why), schedule.unitsToNextLook());
    }
    if (!deciding.isEmpty()) {
      return new Verdict.NotYet(deciding, schedule.unitsToNextLook());
    }
    return new Decision(experiment, plan, schedule, results).verdict();
  }

  private Verdict verdict() {
    List<String> treatments =
        experiment.variants().stream().skip(1).map(Variant::key).toList();
    List<String> improved = treatments.stream().filter(this::improves).toList();
    Optional<String> winner = improved.stream()
        .filter(v -> guardrails(v, MetricResult.Status.WITHIN_MARGIN))
        .max(Comparator.comparingDouble(this::gain));
    if (winner.isPresent()) {
      return new Verdict.ShipWinner(experiment.key(), winner.get(), of(winner.get()));
    }
    List<MetricResult> open = results.stream()
        .filter(r -> r.status() == MetricResult.Status.OPEN && !harmful(r.variant()))
        .toList();
    List<Refusal> standing = open.stream().map(Decision::openGuardrail).toList();
    if (open.stream().anyMatch(r -> improved.contains(r.variant()))) {
      return new Verdict.NotYet(standing, schedule.unitsToNextLook());
    }
    if (treatments.stream().allMatch(this::harmful)) {
      return keep("every variant worsens a goal or breaks a guardrail");
    }
    if (!schedule.last()) {
      List<Refusal> why = new ArrayList<>();
      why.add(new Refusal(
          Refusal.Reason.UNDECIDED, "The evidence does not separate the variants yet."));
      why.addAll(standing);
      return new Verdict.NotYet(why, needed());
    }
    return keep(
        improved.isEmpty()
            ? "no variant improved a goal without worsening another"
            : "a guardrail is broken by every variant that improved a goal");
  }

  private Verdict keep(String why) {
    return new Verdict.KeepControl(
        "Keep '%s': %s.".formatted(experiment.control().key(), why));
  }

  static Refusal openGuardrail(MetricResult r) {
    return new Refusal(
        Refusal.Reason.OPEN_GUARDRAIL,
        "Guardrail '%s' of '%s' is not shown to hold its margin."
            .formatted(r.metric().name(), r.variant()));
  }

  private boolean improves(String variant) {
    List<MetricResult> goals = goals(variant);
    return goals.stream().anyMatch(r -> r.status() == MetricResult.Status.BETTER)
        && goals.stream().noneMatch(r -> r.status() == MetricResult.Status.WORSE);
  }

  private boolean harmful(String variant) {
    return of(variant).stream()
        .filter(r -> !(r.metric().role() instanceof Metric.Role.Signal))
        .anyMatch(r -> r.status() == MetricResult.Status.WORSE
            || r.status() == MetricResult.Status.BEYOND_MARGIN);
  }

  private boolean guardrails(String variant, MetricResult.Status status) {
    return of(variant).stream()
        .filter(r -> r.metric().role() instanceof Metric.Role.Guardrail)
        .allMatch(r -> r.status() == status);
  }

  /** Improvement of the first goal, which ranks several winners. */
  private double gain(String variant) {
    MetricResult first = goals(variant).get(0);
    return first.difference() * first.metric().direction().sign();
  }

  private List<MetricResult> goals(String variant) {
    return of(variant).stream()
        .filter(r -> r.metric().role() instanceof Metric.Role.Goal)
        .toList();
  }

  private List<MetricResult> of(String variant) {
    return results.stream().filter(r -> r.variant().equals(variant)).toList();
  }

  /** Units until the first goal's interval would exclude 0 if its estimate stayed as it is. */
  private OptionalLong needed() {
    if (!(plan.design() instanceof AnalysisPlan.Design.AlwaysValid open)) {
      return schedule.unitsToNextLook();
    }
    OptionalLong least = OptionalLong.empty();
    for (MetricResult r : results) {
      if (r.metric().role() instanceof Metric.Role.Goal && r.interval().isPresent()) {
        OptionalLong units = units(r, open);
        if (units.isPresent() && (least.isEmpty() || units.getAsLong() < least.getAsLong())) {
          least = units;
        }
      }
    }
    return least;
  }

  private OptionalLong units(MetricResult r, AnalysisPlan.Design.AlwaysValid open) {
    ConfidenceSequence sequence = new ConfidenceSequence(plan.alpha(), open.tuningUnits());
    double now = r.controlUnits() + r.treatmentUnits();
    double half = r.interval().orElseThrow().width() / 2;
    double z = Math.abs(r.difference()) / half * sequence.multiplier(now);
    for (double n = now; n < 1e4 * now; n *= 1.02) {
      if (z * Math.sqrt(n / now) >= sequence.multiplier(n)) {
        return OptionalLong.of(Math.max(1, Math.round(n - now)));
      }
    }
    return OptionalLong.empty();
  }
}
