package dev.mlops.tracking;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One value of a metric. Immutable.
 *
 * @param name the metric's name
 * @param value the value; may be NaN
 * @param step the step, such as an epoch, from the caller
 * @param at when it was logged, to the millisecond
 */
public record MetricPoint(String name, double value, long step, Instant at) {
  /** Creates a point. */
  public MetricPoint {
    requireNonNull(name, "name");
    requireNonNull(at, "at");
  }
}
