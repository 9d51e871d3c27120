package dev.mlops.telemetry;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What was counted between two moments. Every rate is empty where there is nothing to divide by.
 * Immutable.
 *
 * @param from the start of the window, on a slice boundary or when counting began
 * @param to the end of the window
 * @param requests calls that ended, well or badly
 * @param errors calls that failed
 * @param refused calls whose row was refused because it is wrong; no errors of the service, and
 *     left out of its rates
 * @param right predictions that turned out right
 * @param wrong predictions that turned out wrong
 * @param mix how often each class was predicted, in the order of the schema, empty for a quantity;
 *     of more than {@link PredictionWindow#MAX_CLASSES} the last entry,
 *     {@link PredictionWindow#OTHER_CLASSES}, holds the rest
 */
public record WindowCounts(
    Instant from,
    Instant to,
    long requests,
    long errors,
    long refused,
    long right,
    long wrong,
    Map<String, Long> mix) {

  /** Creates counts. */
  public WindowCounts {
    requireNonNull(from, "from");
    requireNonNull(to, "to");
    mix = Collections.unmodifiableMap(new LinkedHashMap<>(mix));
  }

  static WindowCounts of(Instant from, Instant to, long[] growth, List<String> classes) {
    var mix = new LinkedHashMap<String, Long>();
    long requests = growth[PredictionWindow.ERRORS] + growth[PredictionWindow.REFUSED];
    for (int i = PredictionWindow.FIRST_CLASS; i < growth.length; i++) {
      requests += growth[i];
      if (!classes.isEmpty()) {
        mix.put(classes.get(i - PredictionWindow.FIRST_CLASS), growth[i]);
      }
    }
    return new WindowCounts(
        from,
        to,
        requests,
        growth[PredictionWindow.ERRORS],
        growth[PredictionWindow.REFUSED],
        growth[PredictionWindow.RIGHT],
        growth[PredictionWindow.WRONG],
        mix);
  }

  /**
   * Returns how many calls were answered.
   *
   * @return requests without errors and refused ones
   */
  public long answered() {
    return requests - errors - refused;
  }

  /**
   * Returns the share of calls that failed, of those whose row was right.
   *
   * @return errors per call that was not refused, 0 to 1; empty without such calls
   */
  public OptionalDouble errorRate() {
    return share(errors, requests - refused);
  }

  /**
   * Returns the share of calls that were answered, of those whose row was right.
   *
   * @return answered calls per call that was not refused, 0 to 1; empty without such calls
   */
  public OptionalDouble availability() {
    return share(answered(), requests - refused);
  }

  /**
   * Returns the share of predictions that turned out right, of those whose outcome is known.
   *
   * @return the accuracy, 0 to 1; empty without outcomes
   */
  public OptionalDouble accuracy() {
    return share(right, right + wrong);
  }

  /**
   * Returns the load. A window that has just begun counts as a second long, so that a handful of
   * calls in its first moments is no high rate.
   *
   * @return requests per second of the window, refused ones included
   */
  public double requestsPerSecond() {
    return requests * 1000.0 / Math.max(1000, Duration.between(from, to).toMillis());
  }

  private static OptionalDouble share(long part, long whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
  }
}
