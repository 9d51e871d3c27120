package dev.mlops.abtest;

import dev.mlops.abtest.internal.report.StatsJson;
import dev.mlops.abtest.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The body of an {@code /ab-test/stats} endpoint: traffic per variant, the first goal's mean,
 * interval and p-value, and the winner. Immutable.
 *
 * @param experiment its key
 * @param epoch its epoch
 * @param metric the plan's first goal
 * @param variants one per variant, the control first
 * @param verdict SHIP_WINNER, KEEP_CONTROL, NOT_YET or INVALID
 * @param winner the variant to ship, only for SHIP_WINNER
 * @param summary the verdict in words
 */
public record AbTestStats(
    String experiment,
    int epoch,
    String metric,
    List<VariantStats> variants,
    String verdict,
    Optional<String> winner,
    String summary) {
  /**
   * One variant.
   *
   * @param variant its key
   * @param units units exposed
   * @param trafficShare share of all units exposed, from 0 to 1
   * @param mean the metric's value, if there are enough units
   * @param difference from the control, for other variants
   * @param interval of the difference, unless withheld or refused
   * @param pValue adjusted over the goals, unless withheld or refused
   */
  public record VariantStats(
      String variant,
      long units,
      double trafficShare,
      OptionalDouble mean,
      OptionalDouble difference,
      Optional<Interval> interval,
      OptionalDouble pValue) {}

  /** Copies the list. */
  public AbTestStats {
    variants = List.copyOf(variants);
  }

  static AbTestStats of(AnalysisReport report) {
    Metric goal = report.plan().metrics().stream()
        .filter(m -> m.role() instanceof Metric.Role.Goal)
        .findFirst()
        .orElseThrow();
    List<MetricResult> results =
        report.results().stream().filter(r -> r.metric().equals(goal)).toList();
    long total = Math.max(1, report.health().units());
    List<VariantStats> variants = new ArrayList<>();
    for (Health.Arm arm : report.health().arms()) {
      Optional<MetricResult> own =
          results.stream().filter(r -> r.variant().equals(arm.variant())).findFirst();
      double mean = own.map(MetricResult::treatment)
          .orElseGet(() -> results.isEmpty() ? Double.NaN : results.get(0).control());
      variants.add(new VariantStats(
          arm.variant(),
          arm.units(),
          (double) arm.units() / total,
          finite(mean),
          finite(own.map(MetricResult::difference).orElse(Double.NaN)),
          own.flatMap(MetricResult::interval),
          own.map(MetricResult::adjustedPValue).orElse(OptionalDouble.empty())));
    }
    return new AbTestStats(
        report.experiment().key(),
        report.experiment().epoch(),
        goal.name(),
        variants,
        StatsJson.verdict(report.verdict()),
        report.verdict() instanceof Verdict.ShipWinner w
            ? Optional.of(w.variant())
            : Optional.empty(),
        report.verdict().summary());
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /**
   * The endpoint's body.
   *
   * @return one JSON object
   */
  public String toJson() {
    return StatsJson.of(this);
  }
}
