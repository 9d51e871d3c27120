package dev.mlops.telemetry.alert;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import java.time.Duration;
import java.util.Optional;

/**
 * A quantile of the latency is too high. In process the quantile is exact to 0.1 %; Prometheus
 * interpolates between the histogram's boundaries, so compare with one of those (0.1, 0.5, 1, 2 s).
 * Immutable.
 *
 * @param q the quantile, above 0 and below 1: 0.95 for P95
 * @param max the longest duration that is fine
 * @param window how far to look back, at most {@link PredictionWindow#DETAIL}
 */
public record LatencyQuantile(double q, Duration max, Duration window) implements Condition {

  /** Creates the condition. */
  public LatencyQuantile {
    if (!(q > 0 && q < 1)) {
      throw new InvalidInputException("a quantile must be in (0, 1), got " + q);
    }
    Checks.notNegative("max", max);
    Checks.window(window, PredictionWindow.DETAIL);
  }

  @Override
  public Optional<Measurement> measure(PredictionWindow recent) {
    return recent
        .latencies(window)
        .quantile(q)
        .map(value -> Measurement.above(value.toNanos() / 1e9, max.toNanos() / 1e9));
  }

  @Override
  public String promQl(String model) {
    return PromQl.quantile(model, q, window) + " > " + PromQl.number(max.toNanos() / 1e9);
  }
}
