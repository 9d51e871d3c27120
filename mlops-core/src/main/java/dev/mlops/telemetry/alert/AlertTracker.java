package dev.mlops.telemetry.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * The state machine of one rule, as in Prometheus' rules/alerting.go (Eval): a condition that begins
 * to hold makes the alert pending; held for holdFor it fires; not holding ends a pending alert at
 * once and a firing one after keepFiringFor; a resolved alert is remembered for 15 minutes. No data
 * counts as not holding, as an empty result does there, and is told apart only in name: an alert
 * that loses its data while firing is not said to be resolved before data says so.
 */
final class AlertTracker {
  private static final Duration RETENTION = Duration.ofMinutes(15);

  private final AlertRule rule;
  private AlertState state = AlertState.INACTIVE;
  private Instant since;
  private Instant activeAt;
  private Instant resolvedAt;
  private @Nullable Instant keepFiringSince;
  private boolean unresolved;
  private @Nullable Measurement latest;
  private Measurement known = new Measurement(Double.NaN, Double.NaN, false);

  AlertTracker(AlertRule rule, Instant now) {
    this.rule = rule;
    this.since = now;
    this.activeAt = now;
    this.resolvedAt = now;
  }

  /** Evaluates once; returns the state that somebody should be told, if it changed to one. */
  Optional<AlertState> step(Instant now, @Nullable Measurement measurement) {
    latest = measurement;
    if (measurement != null) {
      known = measurement;
    }
    AlertState before = state;
    AlertState after = measurement != null && measurement.breached()
        ? holding(now)
        : notHolding(now, measurement != null);
    if (after == before) {
      return Optional.empty();
    }
    state = after;
    since = now;
    boolean told = after == AlertState.FIRING
        || after == AlertState.RESOLVED
        || (after == AlertState.NO_DATA && before == AlertState.FIRING);
    return told ? Optional.of(after) : Optional.empty();
  }

  private AlertState holding(Instant now) {
    keepFiringSince = null;
    if (state == AlertState.FIRING) {
      return state;
    }
    if (state != AlertState.PENDING) {
      activeAt = now;
    }
    if (Duration.between(activeAt, now).compareTo(rule.holdFor()) < 0) {
      return AlertState.PENDING;
    }
    unresolved = true;
    return AlertState.FIRING;
  }

  private AlertState notHolding(Instant now, boolean hasData) {
    if (state == AlertState.FIRING) {
      if (keepFiringSince == null) {
        keepFiringSince = now;
      }
      if (Duration.between(keepFiringSince, now).compareTo(rule.keepFiringFor()) < 0) {
        return state;
      }
    }
    keepFiringSince = null;
    if (unresolved && hasData) {
      unresolved = false;
      resolvedAt = now;
      return AlertState.RESOLVED;
    }
    if (state == AlertState.RESOLVED
        && Duration.between(resolvedAt, now).compareTo(RETENTION) <= 0) {
      return state;
    }
    return hasData ? AlertState.INACTIVE : AlertState.NO_DATA;
  }

  Alert alert(String model, Instant now) {
    return new Alert(
        model + "/" + rule.name() + "/" + activeAt.toEpochMilli() + "/" + state,
        rule.name(),
        model,
        state,
        rule.severity(),
        rule.summary(),
        now,
        activeAt,
        known.value(),
        known.threshold());
  }

  AlertStatus status() {
    return new AlertStatus(rule, state, since, latest);
  }

  AlertRule rule() {
    return rule;
  }
}
