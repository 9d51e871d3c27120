package dev.mlops.telemetry.alert;

import dev.mlops.error.InvalidInputException;
import java.time.Duration;
import java.util.List;

/**
 * Writes alert rules as a Prometheus rule file, from the same definitions that are evaluated in
 * process. {@code keep_firing_for} needs Prometheus 2.42. Stateless. Safe for use by several
 * threads.
 */
public final class PrometheusRules {

  private PrometheusRules() {}

  /**
   * Writes a rule file of one group named after the model.
   *
   * @param model the model's name
   * @param interval how often Prometheus evaluates
   * @param rules the rules
   * @return YAML
   * @throws InvalidInputException if a condition has no PromQL form
   */
  public static String yaml(String model, Duration interval, List<AlertRule> rules) {
    var yaml = new StringBuilder(4096);
    yaml.append("groups:\n  - name: ").append(quoted("mlops-" + model)).append('\n');
    yaml.append("    interval: ").append(PromQl.duration(interval)).append("\n    rules:\n");
    for (AlertRule rule : rules) {
      yaml.append("      - alert: ").append(rule.name()).append('\n');
      yaml.append("        expr: ")
          .append(quoted(rule.condition().promQl(model)))
          .append('\n');
      yaml.append("        for: ").append(PromQl.duration(rule.holdFor())).append('\n');
      if (!rule.keepFiringFor().isZero()) {
        yaml.append("        keep_firing_for: ")
            .append(PromQl.duration(rule.keepFiringFor()))
            .append('\n');
      }
      yaml.append("        labels:\n          severity: ")
          .append(rule.severity().label());
      yaml.append("\n          model: ").append(quoted(model));
      yaml.append("\n        annotations:\n          summary: ");
      yaml.append(quoted(literal(rule.summary()))).append('\n');
    }
    return yaml.toString();
  }

  /** Annotations are Go templates: braces that begin one are written as text. */
  private static String literal(String text) {
    return text.replace("{{", "{{ \"{{\" }}");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
