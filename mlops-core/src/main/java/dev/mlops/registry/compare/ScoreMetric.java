package dev.mlops.registry.compare;

import dev.mlops.error.NotFoundException;
import dev.mlops.registry.compare.internal.ScoreMetrics;

/** A number computed from labels and scores. Safe for use by several threads. */
@FunctionalInterface
public interface ScoreMetric {
  /**
   * Computes the metric.
   *
   * @param labels the truth per row, not modified
   * @param scores the score per row, not modified
   * @return the value; NaN if the rows do not determine it, such as an area with one class only
   */
  double of(double[] labels, double[] scores);

  /**
   * Finds a metric that the library computes.
   *
   * @param name {@code roc_auc}, {@code pr_auc}, {@code log_loss}, {@code brier}, {@code accuracy},
   *     {@code precision}, {@code recall}, {@code f1} (at the threshold 0.5), {@code rmse} or
   *     {@code mae}
   * @return the metric
   * @throws NotFoundException for any other name
   */
  static ScoreMetric named(String name) {
    return ScoreMetrics.named(name)
        .orElseThrow(() ->
            new NotFoundException("metric '" + name + "' cannot be computed from test scores"));
  }
}
