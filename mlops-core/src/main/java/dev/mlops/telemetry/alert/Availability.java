package dev.mlops.telemetry.alert;

import dev.mlops.telemetry.PredictionWindow;
import java.time.Duration;
import java.util.Optional;

/**
 * Less than a share of the calls was answered, of those whose row was right. Immutable.
 *
 * @param min the lowest share that is fine, such as 0.99
 * @param window how far to look back
 */
public record Availability(double min, Duration window) implements Condition {

  /** Creates the condition. */
  public Availability {
    Checks.share("min", min);
    Checks.window(window);
  }

  @Override
  public Optional<Measurement> measure(PredictionWindow recent) {
    var share = recent.counts(window).availability();
    return share.isPresent()
        ? Optional.of(Measurement.below(share.getAsDouble(), min))
        : Optional.empty();
  }

  @Override
  public String promQl(String model) {
    return "1 - " + PromQl.errorRate(model, window) + " < " + PromQl.number(min);
  }
}
