package dev.mlops.telemetry.alert;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import java.util.Optional;

/**
 * What is wrong when an alert is active, in two forms that mean the same: a reading of a
 * {@link PredictionWindow} and a PromQL expression. Implementations are safe for use by several
 * threads.
 */
public sealed interface Condition
    permits AccuracyDrop,
        Availability,
        BurnRate,
        ErrorRate,
        LatencyQuantile,
        PredictionMixShift,
        ValueLimit {

  /**
   * Measures now.
   *
   * @param window the recent past of the model
   * @return what was seen; empty if there is nothing to judge by
   */
  Optional<Measurement> measure(PredictionWindow window);

  /**
   * Writes the same as PromQL over the metrics of {@link dev.mlops.telemetry.Telemetry} as
   * Prometheus names them.
   *
   * @param model the model's name
   * @return an expression that has a result while the condition holds
   * @throws InvalidInputException if the condition has no such form
   */
  String promQl(String model);
}
