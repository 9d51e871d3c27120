package dev.mlops.registry.card;

import static java.util.Objects.requireNonNull;

/**
 * A metric on a model card. Immutable.
 *
 * @param name the metric's name
 * @param value the value
 * @param low lower end of the 95 % interval; NaN if there is none
 * @param high upper end of the 95 % interval; NaN if there is none
 * @param method how the interval was made; empty if there is none
 */
public record MetricLine(String name, double value, double low, double high, String method) {
  /** Creates a line. */
  public MetricLine {
    requireNonNull(name, "name");
    requireNonNull(method, "method");
  }

  /**
   * Tells whether there is an interval.
   *
   * @return false if only the value is known
   */
  public boolean hasInterval() {
    return !method.isEmpty();
  }
}
