package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where one rule stands after an evaluation. Immutable. */
public final class AlertStatus {
  private final AlertRule rule;
  private final AlertState state;
  private final Instant since;
  private final @Nullable Measurement measurement;

  AlertStatus(AlertRule rule, AlertState state, Instant since, @Nullable Measurement measurement) {
    this.rule = requireNonNull(rule, "rule");
    this.state = requireNonNull(state, "state");
    this.since = requireNonNull(since, "since");
    this.measurement = measurement;
  }

  /**
   * Returns the rule.
   *
   * @return the rule
   */
  public AlertRule rule() {
    return rule;
  }

  /**
   * Returns the state.
   *
   * @return the state
   */
  public AlertState state() {
    return state;
  }

  /**
   * Returns when the state was entered.
   *
   * @return the time of that evaluation
   */
  public Instant since() {
    return since;
  }

  /**
   * Returns what was measured.
   *
   * @return the measurement; empty without data
   */
  public Optional<Measurement> measurement() {
    return Optional.ofNullable(measurement);
  }

  @Override
  public String toString() {
    return rule.name() + " " + state + " since " + since;
  }
}
