package dev.mlops.evaluation;

import java.util.Set;

/** Which metrics are better when lower. */
final class MetricDirection {
  private static final Set<String> LOWER =
      Set.of("log_loss", "brier", "calibration_error", "rmse", "mae");

  private MetricDirection() {}

  static boolean lowerIsBetter(String metric) {
    return LOWER.contains(metric);
  }
}
