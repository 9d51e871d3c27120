package dev.mlops.telemetry;

import dev.mlops.data.Feature;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/* Writes a span for a call that has already ended; only called where the parent is sampled. */
final class PredictionSpans {
  private static final String EXCEPTION_TYPE = "exception.type";

  private final Tracer tracer;
  private final Clock clock;
  private final @Nullable FeatureMask mask;

  PredictionSpans(Tracer tracer, Clock clock, @Nullable FeatureMask mask) {
    this.tracer = tracer;
    this.clock = clock;
    this.mask = mask;
  }

  void predicted(BoundModel model, double[] row, long nanos, Context parent) {
    Instant end = clock.instant();
    Span span = start(model, end.minusNanos(nanos), parent);
    FeatureMask shown = mask;
    if (shown != null) {
      List<Feature> features = model.model.schema().features();
      for (int i = 0; i < row.length && i < features.size(); i++) {
        Feature feature = features.get(i);
        shown
            .mask(feature, row[i])
            .ifPresent(text -> span.setAttribute("mlops.feature." + feature.name(), text));
      }
    }
    span.end(end);
  }

  void failed(BoundModel model, Throwable cause, long nanos, Context parent) {
    Instant end = clock.instant();
    Span span = start(model, end.minusNanos(nanos), parent);
    span.setAttribute(Telemetry.ERROR_TYPE, ErrorType.of(cause).value);
    span.setAttribute(EXCEPTION_TYPE, cause.getClass().getName());
    span.setStatus(StatusCode.ERROR);
    span.end(end);
  }

  private Span start(BoundModel model, Instant at, Context parent) {
    return tracer
        .spanBuilder("predict")
        .setParent(parent)
        .setStartTimestamp(at)
        .setAllAttributes(model.attributes)
        .startSpan();
  }
}
