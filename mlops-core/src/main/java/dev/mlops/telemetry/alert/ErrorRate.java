package dev.mlops.telemetry.alert;

import dev.mlops.telemetry.PredictionWindow;
import java.time.Duration;
import java.util.Optional;

/**
 * More than a share of the calls failed, of those whose row was right. Immutable.
 *
 * @param max the highest share that is fine, such as 0.05
 * @param window how far to look back
 */
public record ErrorRate(double max, Duration window) implements Condition {

  /** Creates the condition. */
  public ErrorRate {
    Checks.share("max", max);
    Checks.window(window);
  }

  @Override
  public Optional<Measurement> measure(PredictionWindow recent) {
    var rate = recent.counts(window).errorRate();
    return rate.isPresent()
        ? Optional.of(Measurement.above(rate.getAsDouble(), max))
        : Optional.empty();
  }

  @Override
  public String promQl(String model) {
    return PromQl.errorRate(model, window) + " > " + PromQl.number(max);
  }
}
