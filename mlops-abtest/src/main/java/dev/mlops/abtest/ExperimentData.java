package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.analysis.Cell;
import dev.mlops.abtest.internal.analysis.CoMoments;
import dev.mlops.abtest.stats.PairedMoments;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sufficient statistics of an experiment per epoch and variant: everything an analysis needs, in
 * memory that does not grow with the number of units. Immutable.
 */
public final class ExperimentData {
  private final List<Metric> metrics;
  private final SortedMap<Integer, Map<String, Cell>> cells;
  private final long multipleExposures;

  private ExperimentData(Builder b) {
    this.metrics = b.metrics;
    this.cells = new TreeMap<>();
    b.cells.forEach((epoch, byVariant) -> {
      Map<String, Cell> copy = new HashMap<>();
      byVariant.forEach((variant, cell) -> copy.put(variant, cell.copy()));
      cells.put(epoch, copy);
    });
    this.multipleExposures = b.multipleExposures;
  }

  /**
   * Starts collecting for the metrics of a plan.
   *
   * @param plan the plan
   * @return a builder
   */
  public static Builder builder(AnalysisPlan plan) {
    return new Builder(plan.metrics());
  }

  /**
   * Units exposed, over all variants and epochs.
   *
   * @return 0 or more
   */
  public long units() {
    return cells.values().stream()
        .flatMap(byVariant -> byVariant.values().stream())
        .mapToLong(Cell::units)
        .sum();
  }

  /**
   * Units of one variant, over all epochs.
   *
   * @param variant its key
   * @return 0 or more
   */
  public long units(String variant) {
    return epochs().stream().mapToLong(epoch -> cell(epoch, variant).units()).sum();
  }

  /**
   * Units that were seen in more than one variant; they are in no variant's statistics.
   *
   * @return 0 or more
   */
  public long multipleExposures() {
    return multipleExposures;
  }

  /**
   * The epochs with data.
   *
   * @return ascending
   */
  public List<Integer> epochs() {
    return List.copyOf(cells.keySet());
  }

  Cell cell(int epoch, String variant) {
    Map<String, Cell> byVariant = cells.getOrDefault(epoch, Map.of());
    return byVariant.getOrDefault(variant, new Cell(metrics));
  }

  java.util.Set<String> variants() {
    java.util.Set<String> variants = new java.util.TreeSet<>();
    cells.values().forEach(byVariant -> variants.addAll(byVariant.keySet()));
    return variants;
  }

  /** Collects units. Not safe for use by several threads. */
  public static final class Builder {
    private final List<Metric> metrics;
    private final SortedMap<Integer, Map<String, Cell>> cells = new TreeMap<>();
    private long multipleExposures;

    private Builder(List<Metric> metrics) {
      this.metrics = metrics;
    }

    /**
     * Adds one unit of epoch 1.
     *
     * @param variant the variant it saw
     * @param outcomes its outcomes by name; an absent one counts as 0, NaN makes the metric refuse
     * @return this builder
     */
    public Builder addUnit(String variant, Map<String, Double> outcomes) {
      return addUnit(1, variant, outcomes);
    }

    /**
     * Adds one unit.
     *
     * @param epoch the epoch of its first exposure
     * @param variant the variant it saw
     * @param outcomes its outcomes by name; an absent one counts as 0, NaN makes the metric refuse
     * @return this builder
     */
    public Builder addUnit(int epoch, String variant, Map<String, Double> outcomes) {
      Checks.atLeast("epoch", 1, epoch);
      Cell cell = cell(epoch, variant);
      cell.addUnit(cell.names().of(outcomes));
      return this;
    }

    /**
     * Adds units of which only the moments of one metric are known, for example from a warehouse.
     * The variant's unit count becomes the largest count over its metrics. Not for quantiles, nor
     * for a ratio with a covariate, which is three values per unit.
     *
     * @param epoch the epoch of the units' first exposure
     * @param variant the variant they saw
     * @param metric a metric of the plan
     * @param moments its moments: outcome and covariate, or numerator and denominator; for a
     *     proportion the mean is the share
     * @return this builder
     * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if the plan has no such metric
     */
    public Builder addSummary(int epoch, String variant, String metric, PairedMoments moments) {
      Checks.atLeast("epoch", 1, epoch);
      Metric known = metrics.stream()
          .filter(m -> m.name().equals(metric))
          .filter(m -> !(m.kind() instanceof Metric.Kind.Quantile))
          .filter(m -> !(m.kind() instanceof Metric.Kind.Ratio && m.covariate().isPresent()))
          .findFirst()
          .orElseThrow(() ->
              Checks.invalid("the plan has no metric '" + metric + "' that moments describe"));
      cell(epoch, variant).addSummary(known, CoMoments.of(moments));
      return this;
    }

    /**
     * Adds everything another collection holds, for example of another process.
     *
     * @param other collected for the same metrics
     * @return this builder
     */
    public Builder addAll(ExperimentData other) {
      if (!metrics.equals(other.metrics)) {
        throw Checks.invalid(
            "data to merge must have the metrics " + metrics + ", got " + other.metrics);
      }
      other.cells.forEach((epoch, byVariant) ->
          byVariant.forEach((variant, cell) -> cell(epoch, variant).addAll(cell)));
      multipleExposures += other.multipleExposures;
      return this;
    }

    Cell cell(int epoch, String variant) {
      return cells
          .computeIfAbsent(epoch, e -> new HashMap<>())
          .computeIfAbsent(Checks.name("variant", variant), v -> new Cell(metrics));
    }

    /**
     * Counts units that were seen in more than one variant and were therefore not added.
     *
     * @param count how many more
     * @return this builder
     */
    public Builder addMultipleExposures(long count) {
      multipleExposures += Checks.atLeast("multiple exposures", 0, count);
      return this;
    }

    /**
     * Freezes what was collected; the builder can go on.
     *
     * @return the data
     */
    public ExperimentData build() {
      return new ExperimentData(this);
    }
  }
}
