package dev.mlops.telemetry.scaling;

import java.math.BigDecimal;
import java.math.RoundingMode;

/*
 * calcPlainMetricReplicas and GetExternalPerPodMetricReplicas of Kubernetes'
 * pkg/controller/podautoscaler/replica_calculator.go: loads are whole milli-units, their average is an integer division, everything after it is floating
 * point. Replicas that do not report count as on target when that would shrink, as idle when it
 * would grow; what would turn the direction round changes nothing.
 */
final class ReplicaCalculator {
  private final long target;
  private final double highest;
  private final double lowest;

  ReplicaCalculator(ScalingPolicy policy) {
    target = milli(policy.targetAverage());
    highest = 1.0 + policy.scaleUp().tolerance();
    lowest = 1.0 - policy.scaleDown().tolerance();
  }

  int desired(PodLoads loads, int current) {
    long total = 0;
    for (double load : loads.ready()) {
      total += milli(load);
    }
    int counted = loads.ready().size();
    double ratio = ratio(total, counted);
    boolean growingUnready = loads.unready() > 0 && ratio > 1.0;
    if (!growingUnready && loads.missing() == 0) {
      return isOnTarget(ratio) ? current : ceil(ratio * counted);
    }

    if (loads.missing() > 0 && ratio != 1.0) {
      counted += loads.missing();
      total += ratio < 1.0 ? loads.missing() * target : 0;
    }
    if (growingUnready) {
      counted += loads.unready();
    }
    double corrected = ratio(total, counted);
    if (isOnTarget(corrected)
        || (ratio < 1.0 && corrected > 1.0)
        || (ratio > 1.0 && corrected < 1.0)) {
      return current;
    }
    int replicas = ceil(corrected * counted);
    boolean turnsRound =
        (corrected < 1.0 && replicas > current) || (corrected > 1.0 && replicas < current);
    return turnsRound ? current : replicas;
  }

  /** As for an external metric with an average value: only the sum is known. */
  int desired(double total, int current) {
    double usage = milli(total);
    double ratio = usage / ((double) target * current);
    return isOnTarget(ratio) ? current : ceil(usage / target);
  }

  private boolean isOnTarget(double ratio) {
    return lowest <= ratio && ratio <= highest;
  }

  private double ratio(long total, int counted) {
    return (double) (total / counted) / (double) target;
  }

  private static int ceil(double replicas) {
    return (int) Math.ceil(replicas);
  }

  private static long milli(double value) {
    return BigDecimal.valueOf(value)
        .movePointRight(3)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }
}
