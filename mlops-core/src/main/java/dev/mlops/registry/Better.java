package dev.mlops.registry;

import java.util.Locale;
import java.util.Set;

/** Which way a metric improves. Immutable. */
public enum Better {
  /** More is better, as with accuracy. */
  HIGHER,
  /** Less is better, as with log loss. */
  LOWER;

  private static final Set<String> LOSSES = Set.of(
      "log_loss",
      "brier",
      "rmse",
      "mae",
      "mse",
      "error_rate",
      "latency_p99_seconds",
      "calibration_error");

  /**
   * Knows the metrics that this library computes.
   *
   * @param metric the metric's name
   * @return {@code LOWER} for {@code log_loss}, {@code brier}, {@code rmse}, {@code mae},
   *     {@code mse}, {@code error_rate}, {@code calibration_error} and {@code latency_p99_seconds},
   *     {@code HIGHER} for any other
   */
  public static Better of(String metric) {
    return LOSSES.contains(metric.toLowerCase(Locale.ROOT)) ? LOWER : HIGHER;
  }
}
