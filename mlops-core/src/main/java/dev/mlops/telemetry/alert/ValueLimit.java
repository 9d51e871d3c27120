package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Any value of the host crosses a limit, such as a drift statistic or an estimated accuracy.
 * Immutable; as safe for use by several threads as its supplier.
 *
 * @param value gives the value now; empty if there is none
 * @param bound on which side of the limit it is wrong
 * @param limit the limit
 * @param metric the same value as PromQL, blank if it cannot be exported
 */
public record ValueLimit(Supplier<OptionalDouble> value, Bound bound, double limit, String metric)
    implements Condition {

  /** On which side of the limit a value is wrong. */
  public enum Bound {
    /** Above it. */
    ABOVE,
    /** Below it. */
    BELOW
  }

  /** Creates the condition. */
  public ValueLimit {
    requireNonNull(value, "value");
    requireNonNull(bound, "bound");
    requireNonNull(metric, "metric");
    if (!Double.isFinite(limit)) {
      throw new InvalidInputException("a limit must be finite, got " + limit);
    }
  }

  /**
   * Creates a condition that cannot be exported.
   *
   * @param value gives the value now; empty if there is none
   * @param bound on which side of the limit it is wrong
   * @param limit the limit
   * @return the condition
   */
  public static ValueLimit of(Supplier<OptionalDouble> value, Bound bound, double limit) {
    return new ValueLimit(value, bound, limit, "");
  }

  @Override
  public Optional<Measurement> measure(PredictionWindow recent) {
    OptionalDouble now = value.get();
    if (now.isEmpty() || Double.isNaN(now.getAsDouble())) {
      return Optional.empty();
    }
    return Optional.of(
        bound == Bound.ABOVE
            ? Measurement.above(now.getAsDouble(), limit)
            : Measurement.below(now.getAsDouble(), limit));
  }

  @Override
  public String promQl(String model) {
    if (metric.isBlank()) {
      throw new InvalidInputException(
          "this value has no PromQL form: name its metric to export it");
    }
    return "(" + metric + ") " + (bound == Bound.ABOVE ? "> " : "< ") + PromQl.number(limit);
  }
}
