package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.Metric;
import dev.mlops.abtest.stats.PairedMoments;
import dev.mlops.abtest.stats.ProportionTest;
import dev.mlops.abtest.stats.QuantileEstimate;
import dev.mlops.abtest.stats.RatioTest;
import dev.mlops.abtest.stats.WelchTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the effect of one metric from the control's and the variant's cells, epoch by epoch. */
public final class Estimator {
  /** The level of the order statistics that bracket a quantile; any usual level gives the same. */
  private static final double BRACKET = 0.05;

  private Estimator() {}

  /** One epoch's cells. */
  public record Pair(Cell control, Cell treatment) {}

  /** Whether this epoch has enough units of the metric in both arms. */
  public static boolean usable(Metric metric, Pair pair) {
    return usable(metric, pair.control()) && usable(metric, pair.treatment());
  }

  private static boolean usable(Metric metric, Cell cell) {
    CoMoments m = cell.moments(metric);
    if (m.n() < 2) {
      return false;
    }
    if (metric.kind() instanceof Metric.Kind.Quantile quantile) {
      double q = quantile.quantile();
      double reach = 1.96 * Math.sqrt(q * (1 - q) / m.n());
      return Math.floor(m.n() * (q - reach)) >= 1 && Math.ceil(m.n() * (q + reach)) <= m.n();
    }
    return true;
  }

  /** Whether a ratio's denominator is 0 in some arm. */
  public static boolean zeroDenominator(Metric metric, Pair pair) {
    return metric.kind() instanceof Metric.Kind.Ratio
        && (pair.control().moments(metric).meanX() == 0
            || pair.treatment().moments(metric).meanX() == 0);
  }

  /** All pairs must be {@link #usable}. */
  public static Effect effect(Metric metric, List<Pair> pairs) {
    double units = pairs.stream().mapToLong(p -> units(metric, p)).sum();
    boolean adjusted = pairs.stream().allMatch(pair -> Covariate.explains(metric, pair));
    if (metric.kind() instanceof Metric.Kind.Proportion && !adjusted) {
      List<StratifiedProportion.Part> parts = new ArrayList<>();
      for (Pair pair : pairs) {
        CoMoments c = pair.control().moments(metric);
        CoMoments t = pair.treatment().moments(metric);
        ProportionTest counts = new ProportionTest(
            Math.round(c.meanY() * c.n()), c.n(), Math.round(t.meanY() * t.n()), t.n());
        parts.add(new StratifiedProportion.Part(units(metric, pair) / units, counts));
      }
      return new StratifiedProportion(List.copyOf(parts));
    }
    List<Stratum> strata = new ArrayList<>();
    for (Pair pair : pairs) {
      strata.add(stratum(metric, pair, units(metric, pair) / units));
    }
    Optional<WelchTest> lift = pairs.size() == 1 && adjusted
        ? Optional.of(Covariate.cuped(metric, pairs.get(0)).relative())
        : Optional.empty();
    return new StratifiedMean(List.copyOf(strata), method(metric), lift);
  }

  private static Stratum stratum(Metric metric, Pair pair, double weight) {
    CoMoments c = pair.control().moments(metric);
    CoMoments t = pair.treatment().moments(metric);
    if (Covariate.explains(metric, pair)) {
      return Covariate.stratum(metric, pair, weight);
    }
    if (metric.kind() instanceof Metric.Kind.Ratio) {
      PairedMoments pc = c.pairs();
      PairedMoments pt = t.pairs();
      return new Stratum(
          weight,
          RatioTest.ratio(pc),
          RatioTest.ratio(pt),
          RatioTest.unitVariance(pc) / c.n(),
          RatioTest.unitVariance(pt) / t.n(),
          c.n(),
          t.n());
    }
    if (metric.kind() instanceof Metric.Kind.Quantile quantile) {
      QuantileEstimate qc = quantile(pair.control().sketch(metric), quantile.quantile());
      QuantileEstimate qt = quantile(pair.treatment().sketch(metric), quantile.quantile());
      return new Stratum(
          weight,
          qc.value(),
          qt.value(),
          qc.unitVariance() / c.n(),
          qt.unitVariance() / t.n(),
          c.n(),
          t.n());
    }
    return new Stratum(
        weight, c.meanY(), t.meanY(), c.varianceY() / c.n(), t.varianceY() / t.n(), c.n(), t.n());
  }

  private static QuantileEstimate quantile(ValueSketch sketch, double quantile) {
    QuantileEstimate.Ranks ranks = QuantileEstimate.Ranks.of(sketch.count(), quantile, BRACKET);
    return new QuantileEstimate(
        sketch.count(),
        sketch.value(ranks.middle()),
        sketch.value(ranks.low()),
        sketch.value(ranks.high()),
        BRACKET);
  }

  private static String method(Metric metric) {
    if (metric.kind() instanceof Metric.Kind.Quantile) {
      return "order statistics";
    }
    return "Welch's t-test"
        + (metric.kind() instanceof Metric.Kind.Ratio ? ", delta method" : "")
        + (metric.covariate().isPresent() ? ", CUPED" : "");
  }

  private static long units(Metric metric, Pair pair) {
    return pair.control().moments(metric).n() + pair.treatment().moments(metric).n();
  }
}
