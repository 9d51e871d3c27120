package dev.mlops.telemetry.alert.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.telemetry.alert.Alert;

/* The body of a webhook, version 1. A number that is not finite is left out. */
public final class AlertJson {

  private AlertJson() {}

  /** Writes an alert as one line of JSON. */
  public static String write(Alert alert) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("formatVersion", 1);
    json.put("id", alert.id());
    json.put("rule", alert.rule());
    json.put("model", alert.model());
    json.put("state", alert.state().name());
    json.put("severity", alert.severity().label());
    json.put("summary", alert.summary());
    json.put("at", alert.at().toString());
    json.put("activeAt", alert.activeAt().toString());
    put(json, "value", alert.value());
    put(json, "threshold", alert.threshold());
    return json.toString();
  }

  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    }
  }
}
