package dev.mlops.telemetry.alert;

import dev.mlops.telemetry.Telemetry;
import java.math.BigDecimal;
import java.time.Duration;

/* The names that Prometheus gives our metrics, and the pieces that several conditions share. */
final class PromQl {
  private static final String REQUESTS = "mlops_prediction_count_total";
  private static final String ERRORS = "mlops_prediction_errors_total";
  private static final String OUTCOMES = "mlops_prediction_outcomes_total";
  private static final String DURATION = "mlops_prediction_duration_seconds_bucket";

  private static final String ANSWERED = ",mlops_prediction_class!=\"\"";
  private static final String NOT_REFUSED =
      ",error_type!=" + quoted(Telemetry.INVALID_INPUT); // answered calls have no such label

  private PromQl() {}

  static String answered(String model, Duration window) {
    return sum("increase", REQUESTS, selector(model) + ANSWERED, window);
  }

  static String errorRate(String model, Duration window) {
    String selector = selector(model) + NOT_REFUSED;
    return sum("rate", ERRORS, selector, window) + " / " + sum("rate", REQUESTS, selector, window);
  }

  static String accuracy(String model, Duration window) {
    return sum("rate", OUTCOMES, selector(model) + ",mlops_prediction_right=\"true\"", window)
        + " / "
        + sum("rate", OUTCOMES, selector(model), window);
  }

  static String share(String model, String predicted, Duration window) {
    String of = selector(model) + ",mlops_prediction_class=";
    return sum("rate", REQUESTS, of + quoted(predicted), window)
        + " / "
        + sum("rate", REQUESTS, selector(model) + ANSWERED, window);
  }

  static String quantile(String model, double q, Duration window) {
    return "histogram_quantile("
        + number(q)
        + ", sum by (le) (rate("
        + DURATION
        + "{"
        + selector(model)
        + "}["
        + duration(window)
        + "])))";
  }

  private static String sum(String function, String metric, String selector, Duration window) {
    return "sum(" + function + "(" + metric + "{" + selector + "}[" + duration(window) + "]))";
  }

  private static String selector(String model) {
    return "mlops_model_name=" + quoted(model);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Writes a duration in the largest unit that holds it without a remainder. */
  static String duration(Duration duration) {
    long millis = duration.toMillis();
    long[] units = {86_400_000, 3_600_000, 60_000, 1_000};
    String names = "dhms";
    for (int i = 0; i < units.length; i++) {
      if (millis % units[i] == 0) {
        return millis == 0 ? "0s" : millis / units[i] + names.substring(i, i + 1);
      }
    }
    return millis + "ms";
  }
}
