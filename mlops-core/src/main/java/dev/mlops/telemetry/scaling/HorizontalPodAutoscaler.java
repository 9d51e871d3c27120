package dev.mlops.telemetry.scaling;

import dev.mlops.error.InvalidInputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * Writes a {@link ScalingPolicy} as the manifest that deploys it, so that what was simulated is
 * what runs. Stateless. Safe for use by several threads.
 */
public final class HorizontalPodAutoscaler {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private HorizontalPodAutoscaler() {}

  /**
   * Writes the manifest. A tolerance is written only where it is not the default, because clusters
   * before 1.35 know the field only behind a feature gate.
   *
   * @param policy the policy
   * @param deployment the name of the Deployment, also given to the autoscaler
   * @param metric the pods metric to follow, such as {@code prediction_requests_per_second}
   * @return YAML of kind {@code HorizontalPodAutoscaler}, version autoscaling/v2
   */
  public static String yaml(ScalingPolicy policy, String deployment, String metric) {
    if (!NAME.matcher(deployment).matches()) {
      throw new InvalidInputException(
          "a deployment's name must match " + NAME + ", got '" + deployment + "'");
    }
    if (!metric.matches("[a-zA-Z_:][a-zA-Z0-9_:.-]*")) {
      throw new InvalidInputException("'" + metric + "' is not the name of a metric");
    }
    var yaml = new StringBuilder(800);
    yaml.append("apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n");
    yaml.append("  name: ").append(deployment).append("\nspec:\n  scaleTargetRef:\n");
    yaml.append("    apiVersion: apps/v1\n    kind: Deployment\n");
    yaml.append("    name: ").append(deployment).append('\n');
    yaml.append("  minReplicas: ").append(policy.minReplicas()).append('\n');
    yaml.append("  maxReplicas: ").append(policy.maxReplicas()).append('\n');
    yaml.append("  metrics:\n    - type: Pods\n      pods:\n        metric:\n");
    yaml.append("          name: ").append(metric).append('\n');
    yaml.append("        target:\n          type: AverageValue\n");
    yaml.append("          averageValue: ")
        .append(quantity(policy.targetAverage()))
        .append('\n');
    yaml.append("  behavior:\n");
    append(yaml, "scaleUp", policy.scaleUp());
    append(yaml, "scaleDown", policy.scaleDown());
    return yaml.toString();
  }

  private static void append(StringBuilder yaml, String direction, ScalingRules rules) {
    yaml.append("    ").append(direction).append(":\n");
    yaml.append("      stabilizationWindowSeconds: ")
        .append(rules.stabilizationWindow().toSeconds())
        .append('\n');
    if (rules.tolerance() != ScalingRules.DEFAULT_TOLERANCE) {
      yaml.append("      tolerance: ").append(quantity(rules.tolerance())).append('\n');
    }
    yaml.append("      selectPolicy: ")
        .append(
            switch (rules.select()) {
              case MAX -> "Max";
              case MIN -> "Min";
              case DISABLED -> "Disabled";
            })
        .append('\n');
    if (!rules.limits().isEmpty()) {
      yaml.append("      policies:\n");
    }
    for (ScalingLimit limit : rules.limits()) {
      yaml.append("        - type: ")
          .append(limit.kind() == ScalingLimit.Kind.PODS ? "Pods" : "Percent")
          .append("\n          value: ")
          .append(limit.value())
          .append("\n          periodSeconds: ")
          .append(limit.period().toSeconds())
          .append('\n');
    }
  }

  private static String quantity(double value) {
    BigDecimal milli =
        BigDecimal.valueOf(value).movePointRight(3).setScale(0, RoundingMode.CEILING);
    return milli.remainder(BigDecimal.valueOf(1000)).signum() == 0
        ? milli.movePointLeft(3).setScale(0).toPlainString()
        : '"' + milli.toPlainString() + "m\"";
  }
}
