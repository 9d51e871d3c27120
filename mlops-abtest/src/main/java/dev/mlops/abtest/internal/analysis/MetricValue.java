package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.Metric;
import java.util.Map;

/** Turns one unit's outcomes into the number a metric averages. */
final class MetricValue {
  private MetricValue() {}

  static double of(Metric.Kind kind, Map<String, Double> outcomes) {
    double value = outcomes.getOrDefault(kind.outcomes().get(0), 0.0);
    if (kind instanceof Metric.Kind.Proportion) {
      return Double.isNaN(value) ? value : value > 0 ? 1 : 0;
    }
    return value;
  }
}
