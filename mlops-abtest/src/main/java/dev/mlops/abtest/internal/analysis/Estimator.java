package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.Metric;
import dev.mlops.abtest.stats.ProportionTest;
import java.util.ArrayList;
import java.util.List;

/** Builds the effect of one metric from the control's and the variant's cells, epoch by epoch. */
public final class Estimator {
  private Estimator() {}

  /** One epoch's cells. */
  public record Pair(Cell control, Cell treatment) {}

  /** Both cells of every pair must have at least two units of the metric. */
  public static Effect effect(Metric metric, List<Pair> pairs) {
    long units = pairs.stream().mapToLong(p -> units(metric, p)).sum();
    if (metric.kind() instanceof Metric.Kind.Proportion) {
      List<StratifiedProportion.Part> parts = new ArrayList<>();
      for (Pair pair : pairs) {
        CoMoments c = pair.control().moments(metric);
        CoMoments t = pair.treatment().moments(metric);
        ProportionTest counts = new ProportionTest(
            Math.round(c.meanY() * c.n()), c.n(), Math.round(t.meanY() * t.n()), t.n());
        parts.add(new StratifiedProportion.Part((double) units(metric, pair) / units, counts));
      }
      return new StratifiedProportion(List.copyOf(parts));
    }
    List<Stratum> strata = new ArrayList<>();
    for (Pair pair : pairs) {
      CoMoments c = pair.control().moments(metric);
      CoMoments t = pair.treatment().moments(metric);
      strata.add(new Stratum(
          (double) units(metric, pair) / units,
          c.meanY(),
          t.meanY(),
          c.varianceY() / c.n(),
          t.varianceY() / t.n(),
          c.n(),
          t.n()));
    }
    return new StratifiedMean(List.copyOf(strata), "Welch's t-test");
  }

  private static long units(Metric metric, Pair pair) {
    return pair.control().moments(metric).n() + pair.treatment().moments(metric).n();
  }
}
