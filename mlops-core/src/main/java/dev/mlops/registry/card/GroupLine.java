package dev.mlops.registry.card;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The metrics of one group of test rows. Immutable.
 *
 * @param group the group's value
 * @param rows how many test rows it has
 * @param positives how many of them are positive
 * @param metrics values by name; NaN where the group's rows do not determine one
 */
public record GroupLine(String group, int rows, int positives, Map<String, Double> metrics) {
  /** Creates a line. */
  public GroupLine {
    requireNonNull(group, "group");
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }
}
