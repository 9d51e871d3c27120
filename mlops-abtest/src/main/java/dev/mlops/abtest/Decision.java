package dev.mlops.abtest;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns complete, valid results into a verdict. */
final class Decision {
  private Decision() {}

  static Verdict of(Experiment experiment, List<MetricResult> results) {
    List<String> treatments =
        experiment.variants().stream().skip(1).map(Variant::key).toList();
    List<String> improved =
        treatments.stream().filter(v -> improves(results, v)).toList();
    Optional<String> winner = improved.stream()
        .filter(v -> guardrails(results, v, MetricResult.Status.WITHIN_MARGIN))
        .max(Comparator.comparingDouble(v -> gain(results, v)));
    if (winner.isPresent()) {
      return new Verdict.ShipWinner(experiment.key(), winner.get(), of(results, winner.get()));
    }
    List<Refusal> open = results.stream()
        .filter(r -> improved.contains(r.variant()))
        .filter(r -> r.status() == MetricResult.Status.OPEN)
        .map(Decision::open)
        .toList();
    if (!open.isEmpty()) {
      return new Verdict.NotYet(open, OptionalLong.empty());
    }
    String why = improved.isEmpty()
        ? "no variant improved a goal without worsening another"
        : "a guardrail is broken by every variant that improved a goal";
    return new Verdict.KeepControl(
        "Keep '" + experiment.control().key() + "': " + why + " at the planned number of units.");
  }

  private static Refusal open(MetricResult r) {
    return new Refusal(
        Refusal.Reason.OPEN_GUARDRAIL,
        "'%s' improves a goal, but guardrail '%s' is not shown to hold its margin."
            .formatted(r.variant(), r.metric().name()));
  }

  private static boolean improves(List<MetricResult> results, String variant) {
    List<MetricResult> goals = of(results, variant).stream()
        .filter(r -> r.metric().role() instanceof Metric.Role.Goal)
        .toList();
    return goals.stream().anyMatch(r -> r.status() == MetricResult.Status.BETTER)
        && goals.stream().noneMatch(r -> r.status() == MetricResult.Status.WORSE);
  }

  private static boolean guardrails(
      List<MetricResult> results, String variant, MetricResult.Status status) {
    return of(results, variant).stream()
        .filter(r -> r.metric().role() instanceof Metric.Role.Guardrail)
        .allMatch(r -> r.status() == status);
  }

  /** Improvement of the first goal, which ranks several winners. */
  private static double gain(List<MetricResult> results, String variant) {
    MetricResult first = of(results, variant).stream()
        .filter(r -> r.metric().role() instanceof Metric.Role.Goal)
        .findFirst()
        .orElseThrow();
    return first.difference() * first.metric().direction().sign();
  }

  private static List<MetricResult> of(List<MetricResult> results, String variant) {
    return results.stream().filter(r -> r.variant().equals(variant)).toList();
  }
}
