package dev.mlops.examples.quickstart;

import dev.mlops.drift.DriftReport;
import dev.mlops.drift.FeatureDrift;
import dev.mlops.registry.ModelVersion;
import dev.mlops.serving.PredictionListener;
import dev.mlops.serving.ServedModel;
import dev.mlops.telemetry.PredictionTelemetry;
import dev.mlops.telemetry.Telemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.function.Supplier;

/**
 * What a host tells OpenTelemetry beside the predictions, which the library measures: its requests,
 * what it promotes, how far the features drifted. Goes nowhere unless the host has an exporter.
 */
final class LifecycleTelemetry {
  private static final AttributeKey<String> VARIANT = AttributeKey.stringKey("mlops.variant");
  private static final AttributeKey<String> ALIAS = AttributeKey.stringKey("mlops.model.alias");
  private static final AttributeKey<String> FEATURE = AttributeKey.stringKey("mlops.feature.name");

  private final Tracer tracer;
  private final Logger logger;
  private final DoubleGauge statistic;

  /** Open until the process ends: its gauges are read when the exporter sends for the last time. */
  private final PredictionTelemetry predictions;

  LifecycleTelemetry(OpenTelemetry openTelemetry) {
    tracer = openTelemetry.getTracer("quickstart");
    logger = openTelemetry.getLogsBridge().get("quickstart");
    statistic = openTelemetry
        .getMeter("quickstart")
        .gaugeBuilder("mlops.drift.statistic")
        .build();
    predictions = PredictionTelemetry.builder(openTelemetry)
        .attributes(model -> Attributes.of(VARIANT, Comparison.TREATMENT))
        .build();
  }

  /** Hears of the predictions. */
  PredictionListener predictions() {
    return predictions;
  }

  /** Does the work of one request. What it throws is recorded and thrown on. */
  <T> T request(Supplier<T> work) {
    Span span = tracer.spanBuilder("predict row").setSpanKind(SpanKind.SERVER).startSpan();
    try {
      return Context.current().with(span).wrapSupplier(work).get();
    } catch (RuntimeException e) {
      span.recordException(e);
      span.setStatus(StatusCode.ERROR);
      throw e;
    } finally {
      span.end();
    }
  }

  /** The truth about a prediction became known. */
  void outcome(ServedModel model, boolean right) {
    predictions.outcome(model, right);
  }

  /** A version took over an alias. */
  void promoted(ModelVersion version, String alias) {
    logger
        .logRecordBuilder()
        .setEventName("mlops.model.promoted")
        .setAllAttributes(Attributes.of(
            Telemetry.MODEL_NAME,
            version.model(),
            Telemetry.MODEL_VERSION,
            (long) version.number(),
            ALIAS,
            alias))
        .emit();
  }

  /** Features were compared with those of the training. */
  void drift(String model, DriftReport report) {
    for (FeatureDrift feature : report.features()) {
      statistic.set(
          feature.evidence().statistic(),
          Attributes.of(Telemetry.MODEL_NAME, model, FEATURE, feature.name()));
    }
    logger
        .logRecordBuilder()
        .setSeverity(report.hasDrift() ? Severity.WARN : Severity.INFO)
        .setBody("drift of " + model + ": " + report.verdict() + " " + report.driftedFeatures())
        .emit();
  }
}
