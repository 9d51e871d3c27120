package dev.mlops.abtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/*
 * The p-values are computed and corrected over all goals first and taken back here, so that what is
 * withheld from one variant does not make the others' correction milder.
 */
/** Takes back what a verdict that refuses must not show: a number to ship by. */
final class Withholding {
  private Withholding() {}

  static List<MetricResult> of(Verdict verdict, List<MetricResult> results) {
    if (verdict instanceof Verdict.KeepControl) {
      return results;
    }
    if (verdict instanceof Verdict.Invalid invalid) {
      Refusal first = invalid.refusals().get(0);
      return results.stream().map(r -> r.withheld(r.refusal().orElse(first))).toList();
    }
    List<MetricResult> shown = new ArrayList<>();
    for (MetricResult result : results) {
      shown.add(
          blocker(result.variant(), results).map(why -> without(result, why)).orElse(result));
    }
    return List.copyOf(shown);
  }

  /** What stands between a variant and shipping: a metric that cannot be judged, or a guardrail. */
  private static Optional<Refusal> blocker(String variant, List<MetricResult> results) {
    List<MetricResult> deciding = results.stream()
        .filter(r -> r.variant().equals(variant))
        .filter(r -> !(r.metric().role() instanceof Metric.Role.Signal))
        .toList();
    return deciding.stream()
        .flatMap(r -> r.refusal().stream())
        .findFirst()
        .or(() -> deciding.stream()
            .filter(r -> r.status() == MetricResult.Status.OPEN)
            .map(Decision::openGuardrail)
            .findFirst());
  }

  private static MetricResult without(MetricResult result, Refusal why) {
    if (result.refusal().isPresent()) {
      return result;
    }
    return result.metric().role() instanceof Metric.Role.Guardrail
        ? result.withoutPValue(why)
        : result.withheld(why);
  }
}
