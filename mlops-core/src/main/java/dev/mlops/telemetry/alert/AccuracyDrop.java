package dev.mlops.telemetry.alert;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import java.time.Duration;
import java.util.Optional;

/**
 * The accuracy of predictions whose outcome became known in the window fell too far below the
 * registered one: {@code (registered - accuracy) / registered > max}. Immutable.
 *
 * @param registered the accuracy with which the version was registered, above 0
 * @param max the largest relative drop that is fine, such as 0.05
 * @param window how far to look back
 */
public record AccuracyDrop(double registered, double max, Duration window) implements Condition {

  /** Creates the condition. */
  public AccuracyDrop {
    if (!(registered > 0 && registered <= 1)) {
      throw new InvalidInputException("registered accuracy must be in (0, 1], got " + registered);
    }
    Checks.share("max", max);
    Checks.window(window);
  }

  @Override
  public Optional<Measurement> measure(PredictionWindow recent) {
    var accuracy = recent.counts(window).accuracy();
    return accuracy.isPresent()
        ? Optional.of(Measurement.above((registered - accuracy.getAsDouble()) / registered, max))
        : Optional.empty();
  }

  @Override
  public String promQl(String model) {
    String known = PromQl.number(registered);
    return "(%s - %s) / %s > %s"
        .formatted(known, PromQl.accuracy(model, window), known, PromQl.number(max));
  }
}
