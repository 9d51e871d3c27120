package dev.mlops.telemetry.alert;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import java.time.Duration;

/* What the conditions' constructors check. */
final class Checks {

  private Checks() {}

  static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new InvalidInputException(name + " must be a share from 0 to 1, got " + value);
    }
  }

  static void window(Duration window) {
    window(window, PredictionWindow.HISTORY);
  }

  static void window(Duration window, Duration longest) {
    if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(longest) > 0) {
      throw new InvalidInputException(
          "a window must be between PT1S and " + longest + ", got " + window);
    }
  }

  static void notNegative(String name, Duration duration) {
    if (duration.isNegative()) {
      throw new InvalidInputException(name + " must not be negative, got " + duration);
    }
  }
}
