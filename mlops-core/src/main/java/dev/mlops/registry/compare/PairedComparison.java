package dev.mlops.registry.compare;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * The difference of one metric between two models on the same rows, with an interval. Immutable.
 *
 * @param metric the metric's name
 * @param candidate the candidate's value
 * @param champion the champion's value
 * @param difference candidate minus champion
 * @param standardError of the difference
 * @param low lower end of the interval of the difference
 * @param high upper end of the interval of the difference
 * @param confidence of the interval, from 0 to 1
 * @param rows how many rows were compared
 * @param method {@code DeLong} or {@code paired bootstrap}
 */
public record PairedComparison(
    String metric,
    double candidate,
    double champion,
    double difference,
    double standardError,
    double low,
    double high,
    double confidence,
    int rows,
    String method) {
  /** Creates a comparison. */
  public PairedComparison {
    requireNonNull(metric, "metric");
    requireNonNull(method, "method");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %.4f against %.4f, difference %.4f, %.0f %% interval [%.4f, %.4f] (%s, %d rows)",
        metric,
        candidate,
        champion,
        difference,
        confidence * 100,
        low,
        high,
        method,
        rows);
  }
}
