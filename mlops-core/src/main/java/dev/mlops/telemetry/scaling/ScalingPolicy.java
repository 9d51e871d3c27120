package dev.mlops.telemetry.scaling;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.scaling.ScalingRules.Select;
import java.time.Duration;

/**
 * When to run how many replicas: the part of a {@code HorizontalPodAutoscaler} that decides.
 * Immutable.
 *
 * @param minReplicas the least, at least 1
 * @param maxReplicas the most
 * @param targetAverage the load that one replica should carry, such as 10 requests per second
 * @param scaleUp how growing is damped
 * @param scaleDown how shrinking is damped
 */
public record ScalingPolicy(
    int minReplicas,
    int maxReplicas,
    double targetAverage,
    ScalingRules scaleUp,
    ScalingRules scaleDown) {

  /** Creates a policy. */
  public ScalingPolicy {
    requireNonNull(scaleUp, "scaleUp");
    requireNonNull(scaleDown, "scaleDown");
    if (minReplicas < 1 || maxReplicas < minReplicas) {
      throw new InvalidInputException("replicas must satisfy 1 <= min <= max, got min "
          + minReplicas
          + " and max "
          + maxReplicas);
    }
    if (!(targetAverage >= 0.001 && targetAverage <= 1e12)) {
      throw new InvalidInputException(
          "targetAverage must be between 0.001 and 1e12, got " + targetAverage);
    }
  }

  /**
   * Returns a policy with the behaviour that Kubernetes applies where none is written: up by the
   * larger of 4 pods or 100 % per 15 s at once, down by 100 % per 15 s after 5 minutes.
   *
   * @param minReplicas the least
   * @param maxReplicas the most
   * @param targetAverage the load that one replica should carry
   * @return the policy
   */
  public static ScalingPolicy kubernetesDefaults(
      int minReplicas, int maxReplicas, double targetAverage) {
    Duration period = Duration.ofSeconds(15);
    return new ScalingPolicy(
        minReplicas,
        maxReplicas,
        targetAverage,
        ScalingRules.of(
            Duration.ZERO,
            Select.MAX,
            ScalingLimit.pods(4, period),
            ScalingLimit.percent(100, period)),
        ScalingRules.of(Duration.ofMinutes(5), Select.MAX, ScalingLimit.percent(100, period)));
  }

  /**
   * Returns the case studies' policy: 10 requests per second and replica; up by the larger of 100 %
   * or 4 pods per 30 s at once; down by the smaller of 50 % or 2 pods per 60 s after 5 minutes.
   *
   * @param minReplicas the least
   * @param maxReplicas the most
   * @return the policy
   */
  public static ScalingPolicy caseStudy(int minReplicas, int maxReplicas) {
    Duration up = Duration.ofSeconds(30);
    Duration down = Duration.ofSeconds(60);
    return new ScalingPolicy(
        minReplicas,
        maxReplicas,
        10,
        ScalingRules.of(
            Duration.ZERO, Select.MAX, ScalingLimit.percent(100, up), ScalingLimit.pods(4, up)),
        ScalingRules.of(
            Duration.ofMinutes(5),
            Select.MIN,
            ScalingLimit.percent(50, down),
            ScalingLimit.pods(2, down)));
  }
}
