package dev.mlops.telemetry.scaling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;

/*
 * What the controller remembers of one autoscaler: recent recommendations and recent changes.
 * stabilizeRecommendationWithBehaviors and convertDesiredReplicasWithBehaviorRate of
 * pkg/controller/podautoscaler/horizontal.go. An entry counts while its age is below the window.
 */
final class ScalingHistory {
  private final List<Entry> recommendations = new ArrayList<>();
  private final List<Entry> added = new ArrayList<>();
  private final List<Entry> removed = new ArrayList<>();
  private boolean begun;

  record Entry(int replicas, Instant at) {
    boolean isYounger(Duration window, Instant now) {
      return at.isAfter(now.minus(window));
    }
  }

  /** The replicas found in the first round count as recommended: no drop right after a start. */
  void begin(int current, Instant now) {
    if (!begun) {
      begun = true;
      recommended(current, now);
    }
  }

  void recommended(int replicas, Instant at) {
    recommendations.add(new Entry(replicas, at));
  }

  void changed(int from, int to, Instant at) {
    if (to > from) {
      added.add(new Entry(to - from, at));
    } else if (to < from) {
      removed.add(new Entry(from - to, at));
    }
  }

  void forget(ScalingPolicy policy, Instant now) {
    Duration window =
        longer(policy.scaleUp().stabilizationWindow(), policy.scaleDown().stabilizationWindow());
    recommendations.removeIf(e -> !e.isYounger(window, now));
    Duration periods = Duration.ZERO;
    for (ScalingLimit limit : policy.scaleUp().limits()) {
      periods = longer(periods, limit.period());
    }
    for (ScalingLimit limit : policy.scaleDown().limits()) {
      periods = longer(periods, limit.period());
    }
    Duration longest = periods;
    added.removeIf(e -> !e.isYounger(longest, now));
    removed.removeIf(e -> !e.isYounger(longest, now));
  }

  int stabilized(int current, int desired, Duration upWindow, Duration downWindow, Instant now) {
    int up = desired;
    int down = desired;
    for (Entry past : recommendations) {
      if (past.isYounger(upWindow, now)) {
        up = Math.min(past.replicas(), up);
      }
      if (past.isYounger(downWindow, now)) {
        down = Math.max(past.replicas(), down);
      }
    }
    return Math.min(Math.max(current, up), down);
  }

  int highest(int current, ScalingRules rules, Instant now) {
    return switch (rules.select()) {
      case DISABLED -> current;
      case MIN -> limit(current, rules, now, Math::min, true);
      case MAX -> limit(current, rules, now, Math::max, true);
    };
  }

  int lowest(int current, ScalingRules rules, Instant now) {
    return switch (rules.select()) {
      case DISABLED -> current;
      case MIN -> limit(current, rules, now, Math::max, false);
      case MAX -> limit(current, rules, now, Math::min, false);
    };
  }

  private int limit(
      int current, ScalingRules rules, Instant now, IntBinaryOperator select, boolean up) {
    return rules.limits().stream()
        .mapToInt(limit -> {
          int start = current - sum(added, limit.period(), now) + sum(removed, limit.period(), now);
          return up ? limit.highestFrom(start) : limit.lowestFrom(start);
        })
        .reduce(select)
        .orElse(current);
  }

  private static int sum(List<Entry> changes, Duration period, Instant now) {
    return changes.stream()
        .filter(e -> e.isYounger(period, now))
        .mapToInt(Entry::replicas)
        .sum();
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
