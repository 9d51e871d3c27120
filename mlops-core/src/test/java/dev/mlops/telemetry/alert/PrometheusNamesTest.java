package dev.mlops.telemetry.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.serving.ServedModel;
import dev.mlops.telemetry.PredictionTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The exported rules name only what is really emitted, as {@link Exposition} translates it. */
class PrometheusNamesTest {
  private static final Pattern SELECTOR = Pattern.compile("(\\w+)\\{([^}]*)}");
  private static final Pattern LABEL = Pattern.compile("(\\w+)!?=\"");

  @Test
  void rules_nameWhatIsEmitted() {
    Map<String, Double> mix = Map.of("no", 0.8, "yes", 0.2);
    String yaml =
        PrometheusRules.yaml("fraud", Duration.ofSeconds(15), CaseStudyAlerts.rules(0.9, mix));
    Set<String> emitted = emitted();
    var used = new TreeSet<String>();
    Matcher selector = SELECTOR.matcher(yaml);
    while (selector.find()) {
      Matcher label = LABEL.matcher(selector.group(2));
      while (label.find()) {
        used.add(selector.group(1) + " " + label.group(1));
      }
    }

    assertThat(used)
        .containsExactly(
            "mlops_prediction_count_total error_type",
            "mlops_prediction_count_total mlops_model_name",
            "mlops_prediction_count_total mlops_prediction_class",
            "mlops_prediction_duration_seconds_bucket mlops_model_name",
            "mlops_prediction_errors_total error_type",
            "mlops_prediction_errors_total mlops_model_name",
            "mlops_prediction_outcomes_total mlops_model_name",
            "mlops_prediction_outcomes_total mlops_prediction_right");
    assertThat(emitted).containsAll(used);
  }

  private static Set<String> emitted() {
    var reader = InMemoryMetricReader.create();
    var meters = SdkMeterProvider.builder().registerMetricReader(reader).build();
    var schema = new Schema(
        List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("no", "yes")));
    var model = new ServedModel("fraud", 1, schema);
    var names = new TreeSet<String>();
    try (var sdk = OpenTelemetrySdk.builder().setMeterProvider(meters).build();
        var telemetry = PredictionTelemetry.of(sdk)) {
      telemetry.swapped(model);
      telemetry.predicted(model, new double[] {1}, new double[] {1, 0}, 1_000);
      telemetry.failed(model, new IllegalStateException(), 1_000);
      for (MetricData metric : reader.collectAllMetrics()) {
        metric
            .getData()
            .getPoints()
            .forEach(point -> point
                .getAttributes()
                .forEach((key, value) ->
                    names.add(Exposition.name(metric) + " " + key.getKey().replace('.', '_'))));
      }
    }
    return names;
  }
}
