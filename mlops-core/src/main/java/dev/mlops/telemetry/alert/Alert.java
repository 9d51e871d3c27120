package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a sink is told: an alert began to fire, ended, or lost its data while it fired. Immutable.
 *
 * @param id the same for every delivery of the same news, so that a receiver can drop repeats
 * @param rule the rule's name
 * @param model the model's name
 * @param state {@link AlertState#FIRING}, {@link AlertState#RESOLVED} or {@link AlertState#NO_DATA}
 * @param severity how much it matters
 * @param summary one line for a person
 * @param at when this was found
 * @param activeAt since when the condition has held, or had held
 * @param value what was measured last
 * @param threshold what it was compared with
 */
public record Alert(
    String id,
    String rule,
    String model,
    AlertState state,
    AlertRule.Severity severity,
    String summary,
    Instant at,
    Instant activeAt,
    double value,
    double threshold) {

  /** Creates an alert. */
  public Alert {
    requireNonNull(id, "id");
    requireNonNull(rule, "rule");
    requireNonNull(model, "model");
    requireNonNull(state, "state");
    requireNonNull(severity, "severity");
    requireNonNull(summary, "summary");
    requireNonNull(at, "at");
    requireNonNull(activeAt, "activeAt");
  }
}
