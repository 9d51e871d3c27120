package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.Metric;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives every outcome and covariate that a plan's metrics read a position. Immutable. */
public final class OutcomeNames {
  private final List<String> names;
  private final Set<String> covariates = new LinkedHashSet<>();

  public OutcomeNames(List<Metric> metrics) {
    Set<String> all = new LinkedHashSet<>();
    for (Metric metric : metrics) {
      all.addAll(metric.kind().outcomes());
      metric.covariate().ifPresent(covariates::add);
    }
    all.addAll(covariates);
    this.names = new ArrayList<>(all);
  }

  public int size() {
    return names.size();
  }

  /** The position, or -1 for an outcome that no metric reads. */
  public int indexOf(String name) {
    return names.indexOf(name);
  }

  public String name(int index) {
    return names.get(index);
  }

  public boolean isCovariate(int index) {
    return covariates.contains(names.get(index));
  }

  /** One value per outcome, as given by a caller who has already summed them. */
  public UnitOutcomes of(Map<String, Double> outcomes) {
    double[] sums = new double[names.size()];
    int[] counts = new int[names.size()];
    for (int i = 0; i < sums.length; i++) {
      Double value = outcomes.get(names.get(i));
      if (value != null) {
        sums[i] = value;
        counts[i] = 1;
      }
    }
    return new UnitOutcomes() {
      @Override
      public double sum(int outcome) {
        return sums[outcome];
      }

      @Override
      public int count(int outcome) {
        return counts[outcome];
      }
    };
  }
}
