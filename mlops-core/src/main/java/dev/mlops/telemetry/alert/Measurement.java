package dev.mlops.telemetry.alert;

/**
 * What a condition saw. Immutable.
 *
 * @param value the measured value, in the condition's unit (a share, or seconds)
 * @param threshold what it was compared with
 * @param breached whether the condition holds, that is, something is wrong
 */
public record Measurement(double value, double threshold, boolean breached) {

  static Measurement above(double value, double threshold) {
    return new Measurement(value, threshold, value > threshold);
  }

  static Measurement below(double value, double threshold) {
    return new Measurement(value, threshold, value < threshold);
  }
}
