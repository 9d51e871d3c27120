package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * When to tell somebody what. Immutable.
 *
 * @param name a unique name in Prometheus' style, such as {@code HighErrorRate}
 * @param condition what is wrong
 * @param holdFor how long the condition must hold before the alert fires
 * @param keepFiringFor how long the alert goes on firing after the condition last held
 * @param severity how much it matters
 * @param summary one line for the person who is told, without customers' data
 */
public record AlertRule(
    String name,
    Condition condition,
    Duration holdFor,
    Duration keepFiringFor,
    Severity severity,
    String summary) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]{0,127}");

  /** How much an alert matters. */
  public enum Severity {
    /** A person is needed now. */
    CRITICAL,
    /** A person should look in the next days. */
    WARNING;

    /**
     * Returns the label's value.
     *
     * @return the name in lower case
     */
    public String label() {
      return this == CRITICAL ? "critical" : "warning";
    }
  }

  /** Creates a rule. */
  public AlertRule {
    requireNonNull(condition, "condition");
    requireNonNull(severity, "severity");
    if (!NAME.matcher(requireNonNull(name, "name")).matches()) {
      throw new InvalidInputException("a rule's name must match " + NAME + ", got '" + name + "'");
    }
    Checks.notNegative("holdFor", holdFor);
    Checks.notNegative("keepFiringFor", keepFiringFor);
    if (requireNonNull(summary, "summary").chars().anyMatch(Character::isISOControl)) {
      throw new InvalidInputException("the summary of rule '" + name + "' must be one line");
    }
  }

  /**
   * Creates a warning that fires at once and stops at once.
   *
   * @param name a unique name
   * @param condition what is wrong
   * @return the rule
   */
  public static AlertRule of(String name, Condition condition) {
    return new AlertRule(name, condition, Duration.ZERO, Duration.ZERO, Severity.WARNING, name);
  }

  /**
   * Returns this rule with another waiting time before it fires.
   *
   * @param duration how long the condition must hold
   * @return the changed rule
   */
  public AlertRule holdFor(Duration duration) {
    return new AlertRule(name, condition, duration, keepFiringFor, severity, summary);
  }

  /**
   * Returns this rule with another time for which it goes on firing.
   *
   * @param duration how long after the condition last held
   * @return the changed rule
   */
  public AlertRule keepFiringFor(Duration duration) {
    return new AlertRule(name, condition, holdFor, duration, severity, summary);
  }

  /**
   * Returns this rule with another severity.
   *
   * @param other the severity
   * @return the changed rule
   */
  public AlertRule severity(Severity other) {
    return new AlertRule(name, condition, holdFor, keepFiringFor, other, summary);
  }

  /**
   * Returns this rule with another summary.
   *
   * @param text one line
   * @return the changed rule
   */
  public AlertRule summary(String text) {
    return new AlertRule(name, condition, holdFor, keepFiringFor, severity, text);
  }
}
