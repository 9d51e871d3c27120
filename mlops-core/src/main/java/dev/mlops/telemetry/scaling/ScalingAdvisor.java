package dev.mlops.telemetry.scaling;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.scaling.ScalingDecision.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Answers what Kubernetes' HorizontalPodAutoscaler (autoscaling/v2, one metric with an average
 * value) would answer, given the same loads at the same times: tolerance, stabilisation windows and
 * rate limits are those of {@code pkg/controller/podautoscaler}. It talks to no cluster.
 *
 * <p>It remembers its recommendations and changes, as the controller does: use one advisor per
 * workload and ask it at every sync (the controller's default is 15 s). Not safe for use by several
 * threads.
 */
public final class ScalingAdvisor {
  private final ScalingPolicy policy;
  private final ReplicaCalculator calculator;
  private final ScalingHistory history;

  /**
   * Creates an advisor with nothing to remember.
   *
   * @param policy the policy to follow
   */
  public ScalingAdvisor(ScalingPolicy policy) {
    this(policy, new ScalingHistory());
  }

  ScalingAdvisor(ScalingPolicy policy, ScalingHistory history) {
    this.policy = requireNonNull(policy, "policy");
    this.calculator = new ReplicaCalculator(policy);
    this.history = history;
  }

  /**
   * Decides one round on the load of every replica, as for a metric of type {@code Pods}, and
   * remembers it as carried out.
   *
   * @param now the time, never earlier than in the round before
   * @param current how many replicas run, at least 0
   * @param loads what they report; without any load nothing changes
   * @return the decision
   */
  public ScalingDecision advise(Instant now, int current, PodLoads loads) {
    requireNonNull(loads, "loads");
    return round(
        now,
        current,
        loads.ready().isEmpty()
            ? OptionalInt.empty()
            : OptionalInt.of(calculator.desired(loads, current)));
  }

  /**
   * Decides one round on the load of all replicas together, as for a metric of type
   * {@code External} with an average value, and remembers it as carried out.
   *
   * @param now the time, never earlier than in the round before
   * @param current how many replicas run, at least 0
   * @param total the sum of their loads
   * @return the decision
   */
  public ScalingDecision advise(Instant now, int current, double total) {
    PodLoads.requireLoad(total);
    return round(now, current, OptionalInt.of(calculator.desired(total, current)));
  }

  private ScalingDecision round(Instant now, int current, OptionalInt desired) {
    requireNonNull(now, "now");
    if (current < 0) {
      throw new InvalidInputException("current replicas must be >= 0, got " + current);
    }
    history.begin(current, now);
    ScalingDecision decision = decide(now, current, desired);
    history.changed(current, decision.replicas(), now);
    history.forget(policy, now);
    return decision;
  }

  private ScalingDecision decide(Instant now, int current, OptionalInt load) {
    if (current == 0) {
      return unbounded(now, current, 0, Reason.SCALING_DISABLED);
    }
    if (current > policy.maxReplicas()) {
      return unbounded(now, current, policy.maxReplicas(), Reason.TOO_MANY_REPLICAS);
    }
    if (current < policy.minReplicas()) {
      return unbounded(now, current, policy.minReplicas(), Reason.TOO_FEW_REPLICAS);
    }
    if (load.isEmpty()) {
      return unbounded(now, current, current, Reason.NO_METRICS);
    }
    int desired = load.getAsInt();
    int stabilized = history.stabilized(
        current,
        desired,
        policy.scaleUp().stabilizationWindow(),
        policy.scaleDown().stabilizationWindow(),
        now);
    history.recommended(desired, now);
    return limited(now, current, desired, stabilized);
  }

  private static ScalingDecision unbounded(Instant now, int current, int replicas, Reason reason) {
    return new ScalingDecision(now, current, replicas, replicas, replicas, reason);
  }

  ScalingDecision limited(Instant now, int current, int desired, int stabilized) {
    int replicas = stabilized;
    Reason reason = Reason.DESIRED_WITHIN_RANGE;
    if (stabilized > current) {
      int rate = Math.max(current, history.highest(current, policy.scaleUp(), now));
      int highest = Math.min(policy.maxReplicas(), rate);
      if (stabilized > highest) {
        replicas = highest;
        reason = policy.maxReplicas() > rate ? Reason.SCALE_UP_LIMIT : Reason.TOO_MANY_REPLICAS;
      }
    } else if (stabilized < current) {
      int rate = Math.min(current, history.lowest(current, policy.scaleDown(), now));
      int lowest = Math.max(policy.minReplicas(), rate);
      if (stabilized < lowest) {
        replicas = lowest;
        reason = policy.minReplicas() < rate ? Reason.SCALE_DOWN_LIMIT : Reason.TOO_FEW_REPLICAS;
      }
    }
    return new ScalingDecision(now, current, desired, stabilized, replicas, reason);
  }

  /**
   * Plays recorded traffic through a policy; every decision is carried out at once.
   *
   * @param policy the policy to try
   * @param start when the recording begins
   * @param sync the time between two totals, such as 15 s
   * @param replicas how many replicas run at the start, at least 1
   * @param totals the total load at every sync
   * @return one decision per total
   */
  public static List<ScalingDecision> simulate(
      ScalingPolicy policy, Instant start, Duration sync, int replicas, List<Double> totals) {
    if (sync.isNegative() || sync.isZero()) {
      throw new InvalidInputException("sync must be longer than zero, got " + sync);
    }
    if (replicas < 1) {
      throw new InvalidInputException("replicas must be >= 1, got " + replicas);
    }
    var advisor = new ScalingAdvisor(policy);
    var decisions = new ArrayList<ScalingDecision>(totals.size());
    Instant now = start;
    int current = replicas;
    for (double total : totals) {
      ScalingDecision decision = advisor.advise(now, current, total);
      decisions.add(decision);
      current = decision.replicas();
      now = now.plus(sync);
    }
    return List.copyOf(decisions);
  }
}
