package dev.mlops.azure;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.serving.ServedModel;
import dev.mlops.telemetry.PredictionTelemetry;
import dev.mlops.testing.ManualClock;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a service does that serves a model and watches it: predictions in requests, one of which
 * fails, outcomes, a swap, a drift check, a promotion, a log.
 */
final class ServiceTelemetry {
  private static final Schema SCHEMA = new Schema(
      List.of(new Feature.Numeric("amount")), new Target.Classes("is_fraud", List.of("no", "yes")));

  private ServiceTelemetry() {}

  static void run(AzureMonitorTelemetry telemetry, ManualClock clock) {
    OpenTelemetry openTelemetry = telemetry.openTelemetry();
    ServedModel champion = new ServedModel("fraud", 3, SCHEMA);
    ServedModel challenger = new ServedModel("fraud", 4, SCHEMA);
    // The gauges are read when metrics are sent, so nothing is closed before the flush.
    @SuppressWarnings("resource")
    PredictionTelemetry predictions = PredictionTelemetry.builder(openTelemetry)
        .clock(clock)
        .attributes(model -> Attributes.of(
            AttributeKey.stringKey("mlops.variant"),
            model.version() == 3 ? "control" : "treatment"))
        .build();
    predictions.swapped(champion);
    predictions.swapped(challenger);
    clock.advance(Duration.ofHours(1));
    for (int i = 0; i < 4; i++) {
      ServedModel model = i % 2 == 0 ? champion : challenger;
      int request = i;
      request(openTelemetry, clock, 200, () -> {
        predictions.predicted(
            model, new double[] {42}, new double[] {0.9 - request * 0.2, 0.1}, 2_000_000);
        predictions.outcome(model, request != 3);
      });
    }
    request(openTelemetry, clock, 500, () -> {
      RuntimeException failure = new IllegalStateException("the model file is gone");
      predictions.failed(challenger, failure, 1_000_000);
      Span.current().recordException(failure);
      Span.current().setStatus(StatusCode.ERROR);
    });
    predictions.refreshFailed(champion, new IllegalStateException("x"));
    openTelemetry
        .getMeter("quickstart")
        .gaugeBuilder("mlops.drift.statistic")
        .build()
        .set(
            0.31,
            Attributes.of(
                AttributeKey.stringKey("mlops.model.name"), "fraud",
                AttributeKey.stringKey("mlops.feature.name"), "amount"));
    telemetry.event(
        "mlops.model.promoted",
        Map.of(
            "mlops.model.name",
            "fraud",
            "mlops.model.version",
            "4",
            "mlops.model.alias",
            "champion"));
    openTelemetry
        .getLogsBridge()
        .get("quickstart")
        .logRecordBuilder()
        .setSeverity(Severity.WARN)
        .setBody("drift of feature amount")
        .emit();
  }

  private static void request(
      OpenTelemetry openTelemetry, ManualClock clock, int status, Runnable work) {
    Instant start = clock.instant();
    Span span = openTelemetry
        .getTracer("quickstart")
        .spanBuilder("POST /predict")
        .setSpanKind(SpanKind.SERVER)
        .setStartTimestamp(start)
        .setAttribute("http.request.method", "POST")
        .setAttribute("http.route", "/predict")
        .setAttribute("url.scheme", "https")
        .setAttribute("url.path", "/predict")
        .setAttribute("server.address", "quickstart.example")
        .setAttribute("http.response.status_code", (long) status)
        .startSpan();
    try {
      Context.current().with(span).wrap(work).run();
    } finally {
      span.end(start.plusMillis(7));
    }
  }
}
