package dev.mlops.telemetry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.ForbiddenException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import dev.mlops.serving.ServedModel;
import dev.mlops.testing.ManualClock;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PredictionTelemetryTest {
  private static final double CANARY = 4242.4242;
  private static final Schema SCHEMA = new Schema(
      List.of(new Feature.Numeric("income"), new Feature.Numeric("age")),
      new Target.Classes("fraud", List.of("no", "yes")));
  private static final double[] ROW = {CANARY, 17};
  private static final double[] NO = {0.9, 0.1};
  private static final double[] YES = {0.2, 0.8};
  private static final List<Throwable> FAILURES = List.of(
      new InvalidInputException("a"),
      new UnavailableException("b"),
      new CorruptException("c"),
      new NotFoundException("d"),
      new ConflictException("e"),
      new ForbiddenException("f"),
      new IllegalStateException("g"),
      new StackOverflowError());

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk = sdk(Sampler.alwaysOn());
  private final ServedModel model = new ServedModel("fraud", 3, SCHEMA);
  private final AtomicInteger asked = new AtomicInteger();
  private final PredictionTelemetry telemetry = PredictionTelemetry.builder(sdk)
      .clock(clock)
      .attributes(bound -> {
        asked.incrementAndGet();
        return Attributes.empty();
      })
      .build();

  @AfterEach
  void close() {
    telemetry.close();
    sdk.close();
  }

  private OpenTelemetrySdk sdk(Sampler sampler) {
    return OpenTelemetrySdk.builder()
        .setMeterProvider(
            SdkMeterProvider.builder().registerMetricReader(metrics).build())
        .setTracerProvider(SdkTracerProvider.builder()
            .setSampler(sampler)
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build())
        .build();
  }

  @Test
  void predicted_isCountedByClassAndTimed() {
    telemetry.swapped(model);
    telemetry.predicted(model, ROW, NO, 2_000_000);
    telemetry.predicted(model, ROW, YES, 4_000_000);
    telemetry.predicted(model, ROW, YES, 6_000_000);

    var collected = collect();

    assertThat(aboveZero(values(collected, Telemetry.PREDICTION_COUNT)))
        .containsExactlyInAnyOrderEntriesOf(Map.of(
            attributes().put(Telemetry.PREDICTED_CLASS, "no").build(), 1.0,
            attributes().put(Telemetry.PREDICTED_CLASS, "yes").build(), 2.0));
    var duration = (HistogramPointData) point(collected, Telemetry.PREDICTION_DURATION);
    assertThat(metric(collected, Telemetry.PREDICTION_DURATION).getUnit()).isEqualTo("s");
    assertThat(duration.getAttributes()).isEqualTo(attributes().build());
    assertThat(duration.getSum()).isCloseTo(0.012, within(1e-12));
    assertThat(duration.getCount()).isEqualTo(3);
    assertThat(duration.getBoundaries()).contains(0.1, 0.5, 1.0, 2.0);
  }

  @Test
  void failed_isCountedByTypeAndAsACall() {
    telemetry.failed(model, new IllegalStateException("income " + CANARY), 5_000);
    telemetry.predicted(model, ROW, NO, 5_000);

    var collected = collect();

    Attributes other = attributes().put(Telemetry.ERROR_TYPE, "_OTHER").build();
    assertThat(aboveZero(values(collected, Telemetry.PREDICTION_ERRORS)))
        .isEqualTo(Map.of(other, 1.0));
    assertThat(values(collected, Telemetry.PREDICTION_COUNT)).containsEntry(other, 1.0);
    assertThat(values(collected, Telemetry.PREDICTION_COUNT).values().stream()
            .mapToDouble(Double::doubleValue)
            .sum())
        .isEqualTo(2);
    assertThat(window().counts(Duration.ofMinutes(1)).errorRate()).hasValue(0.5);
  }

  @Test
  void series_ofAServedVersion_beginAtZero() {
    telemetry.swapped(model);

    var before = collect();
    telemetry.predicted(model, ROW, NO, 1_000);
    telemetry.predicted(model, ROW, YES, 1_000);
    telemetry.outcome(model, true);
    telemetry.outcome(model, false);
    for (Throwable cause : FAILURES) {
      telemetry.failed(model, cause, 1_000);
      telemetry.refreshFailed(model, cause);
    }
    var after = collect();

    for (String counter : List.of(
        Telemetry.PREDICTION_COUNT,
        Telemetry.PREDICTION_ERRORS,
        Telemetry.PREDICTION_OUTCOMES,
        Telemetry.REFRESH_ERRORS)) {
      assertThat(values(before, counter).values()).as(counter).isNotEmpty().containsOnly(0.0);
      assertThat(values(after, counter).values()).as(counter).doesNotContain(0.0);
      assertThat(values(after, counter).keySet())
          .as("series of %s that begin later", counter)
          .isEqualTo(values(before, counter).keySet());
    }
  }

  @Test
  void failed_onAWrongRow_isRefusedAndNoError() {
    telemetry.failed(model, new InvalidInputException("income must be a number"), 5_000);
    telemetry.failed(model, new IllegalStateException(), 5_000);
    telemetry.predicted(model, ROW, NO, 5_000);

    WindowCounts counts = window().counts(Duration.ofMinutes(1));
    assertThat(counts.requests()).isEqualTo(3);
    assertThat(counts.refused()).isEqualTo(1);
    assertThat(counts.errors()).isEqualTo(1);
    assertThat(counts.answered()).isEqualTo(1);
    assertThat(counts.errorRate()).hasValue(0.5);
    assertThat(counts.availability()).hasValue(0.5);
    assertThat(values(collect(), Telemetry.PREDICTION_ERRORS))
        .containsEntry(
            attributes().put(Telemetry.ERROR_TYPE, Telemetry.INVALID_INPUT).build(), 1.0);
  }

  @Test
  void gauges_tellVersionAgeAndLoad() {
    telemetry.swapped(model);
    for (int i = 0; i < 600; i++) {
      telemetry.predicted(model, ROW, NO, 1_000);
    }
    clock.advance(Duration.ofSeconds(60));

    var before = collect();
    telemetry.swapped(new ServedModel("fraud", 4, SCHEMA));
    telemetry.retired(model);
    clock.advance(Duration.ofSeconds(15));
    var after = collect();

    assertThat(values(before, Telemetry.MODEL_INFO))
        .isEqualTo(Map.of(attributes().build(), 1.0));
    assertThat(values(before, Telemetry.MODEL_AGE))
        .isEqualTo(Map.of(attributes().build(), 60.0));
    assertThat(values(before, Telemetry.REQUESTS_PER_SECOND))
        .isEqualTo(Map.of(Attributes.of(Telemetry.MODEL_NAME, "fraud"), 10.0));
    Attributes next = Attributes.of(Telemetry.MODEL_NAME, "fraud", Telemetry.MODEL_VERSION, 4L);
    assertThat(values(after, Telemetry.MODEL_INFO)).isEqualTo(Map.of(next, 1.0));
    assertThat(values(after, Telemetry.MODEL_AGE)).isEqualTo(Map.of(next, 15.0));
  }

  @Test
  void gauges_ofTwoVersionsOfOneName_tellBoth_untilTheirModelsAreClosed() {
    var challenger = new ServedModel("fraud", 4, SCHEMA);
    var again = new ServedModel("fraud", 4, SCHEMA);
    telemetry.swapped(model);
    telemetry.swapped(challenger);
    telemetry.swapped(again);
    assertThat(values(collect(), Telemetry.MODEL_INFO)).hasSize(2);

    telemetry.retired(challenger);
    assertThat(values(collect(), Telemetry.MODEL_INFO)).hasSize(2);
    telemetry.retired(again);
    assertThat(values(collect(), Telemetry.MODEL_INFO))
        .isEqualTo(Map.of(attributes().build(), 1.0));
    telemetry.retired(model);

    var after = collect();
    assertThat(after)
        .doesNotContainKeys(
            Telemetry.MODEL_INFO, Telemetry.MODEL_AGE, Telemetry.REQUESTS_PER_SECOND);
    assertThat(telemetry.window("fraud")).as("late outcomes still count").isPresent();
  }

  /** A job is often asked only when it ends, after its model was closed. */
  @Test
  void gauges_ofAModelThatCameAndWentSinceTheLastCollection_tellItOnce() {
    telemetry.swapped(new ServedModel("fraud", 2, SCHEMA));
    telemetry.swapped(model);
    telemetry.predicted(model, ROW, NO, 1_000);
    telemetry.retired(model);

    telemetry.retired(new ServedModel("other", 1, SCHEMA));
    assertThat(values(collect(), Telemetry.MODEL_INFO))
        .as("another version of it serves")
        .isEqualTo(
            Map.of(Attributes.of(Telemetry.MODEL_NAME, "fraud", Telemetry.MODEL_VERSION, 2L), 1.0));

    var churn = new ServedModel("churn", 7, SCHEMA);
    telemetry.swapped(churn);
    telemetry.retired(churn);
    Attributes gone = Attributes.of(Telemetry.MODEL_NAME, "churn", Telemetry.MODEL_VERSION, 7L);
    var first = collect();
    assertThat(values(first, Telemetry.MODEL_INFO)).containsEntry(gone, 1.0).hasSize(2);
    assertThat(values(first, Telemetry.MODEL_AGE)).containsKey(gone);
    assertThat(values(first, Telemetry.REQUESTS_PER_SECOND))
        .containsKey(Attributes.of(Telemetry.MODEL_NAME, "churn"));
    assertThat(values(collect(), Telemetry.MODEL_INFO)).doesNotContainKey(gone).hasSize(1);
  }

  @Test
  void bound_moreVersionsThanAreKept_losesNoDurationAndNoneThatServes() {
    var served = new ArrayList<ServedModel>();
    for (int version = 1; version <= 3 * BoundModels.MAX_IDLE; version++) {
      served.add(new ServedModel("fraud", version, SCHEMA));
      telemetry.swapped(served.get(version - 1));
    }
    asked.set(0);
    for (int round = 0; round < 3; round++) {
      served.forEach(version -> telemetry.predicted(version, ROW, NO, 1_000));
    }
    assertThat(asked).as("versions that serve and are bound again").hasValue(0);
    served.forEach(telemetry::retired);

    assertThat(
            metric(collect(), Telemetry.PREDICTION_DURATION).getHistogramData().getPoints())
        .hasSize(served.size())
        .allSatisfy(point -> assertThat(point.getCount()).isEqualTo(3));
  }

  @Test
  void outcome_ofAnEqualDescription_bindsNothing() {
    telemetry.swapped(model);
    asked.set(0);

    for (int i = 0; i < 200; i++) {
      telemetry.outcome(new ServedModel("fraud", 3, SCHEMA), true);
    }

    assertThat(asked).hasValue(0);
    assertThat(values(collect(), Telemetry.PREDICTION_OUTCOMES))
        .containsEntry(attributes().put(Telemetry.RIGHT, true).build(), 200.0);
  }

  @Test
  void predicted_afterClose_isTimedAtOnce() {
    telemetry.predicted(model, ROW, NO, 1_000);
    telemetry.close();
    telemetry.predicted(model, ROW, NO, 1_000);

    assertThat(((HistogramPointData) point(collect(), Telemetry.PREDICTION_DURATION)).getCount())
        .isEqualTo(2);
  }

  @Test
  void age_ofAKnownCreation_countsFromThere() {
    Instant created = clock.instant().minus(Duration.ofDays(2));
    OpenTelemetrySdk own = sdk;
    telemetry.close();
    try (var aged = PredictionTelemetry.builder(own)
        .clock(clock)
        .created(m -> Optional.of(created))
        .attributes(m -> Attributes.of(AttributeKey.stringKey("mlops.variant"), "b"))
        .build()) {
      aged.swapped(model);

      assertThat(values(collect(), Telemetry.MODEL_AGE))
          .isEqualTo(Map.of(attributes().put("mlops.variant", "b").build(), 172_800.0));
    }
  }

  @Test
  void refreshFailed_isCounted() {
    telemetry.refreshFailed(model, new IllegalStateException("secret"));

    assertThat(aboveZero(values(collect(), Telemetry.REFRESH_ERRORS)))
        .isEqualTo(Map.of(attributes().put(Telemetry.ERROR_TYPE, "_OTHER").build(), 1.0));
  }

  @Test
  void outcome_isCountedInBothPlaces() {
    telemetry.outcome(model, true);
    telemetry.outcome(model, true);
    telemetry.outcome(model, false);

    assertThat(values(collect(), Telemetry.PREDICTION_OUTCOMES))
        .containsEntry(attributes().put(Telemetry.RIGHT, true).build(), 2.0)
        .containsEntry(attributes().put(Telemetry.RIGHT, false).build(), 1.0);
    assertThat(window().counts(Duration.ofMinutes(1)).accuracy()).hasValue(2 / 3.0);
  }

  @Test
  void span_existsOnlyUnderASampledSpan() {
    telemetry.predicted(model, ROW, NO, 1_000_000);
    assertThat(spans.getFinishedSpanItems()).isEmpty();

    Span parent = sdk.getTracer("host").spanBuilder("request").startSpan();
    try (Scope scope = parent.makeCurrent()) {
      assertThat(scope).isNotNull();
      telemetry.predicted(model, ROW, NO, 1_000_000);
    }

    assertThat(spans.getFinishedSpanItems()).hasSize(1);
    SpanData span = spans.getFinishedSpanItems().get(0);
    assertThat(span.getName()).isEqualTo("predict");
    assertThat(span.getParentSpanId()).isEqualTo(parent.getSpanContext().getSpanId());
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(1_000_000);
    assertThat(span.getAttributes().asMap()).isEqualTo(attributes().build().asMap());
  }

  @Test
  void span_underASpanThatIsNotSampled_doesNotExist() {
    try (OpenTelemetrySdk unsampled = sdk(Sampler.alwaysOff())) {
      Span parent = unsampled.getTracer("host").spanBuilder("request").startSpan();
      try (Scope scope = parent.makeCurrent()) {
        assertThat(scope).isNotNull();
        telemetry.predicted(model, ROW, NO, 1_000_000);
      }
    }
    assertThat(spans.getFinishedSpanItems()).isEmpty();
  }

  @Test
  void nothingThatLeaves_holdsAFeatureValueOrAMessage() {
    Span parent = sdk.getTracer("host").spanBuilder("request").startSpan();
    try (Scope scope = parent.makeCurrent()) {
      assertThat(scope).isNotNull();
      telemetry.predicted(model, ROW, NO, 1_000);
      telemetry.failed(model, new IllegalStateException("income is " + CANARY), 1_000);
      telemetry.refreshFailed(model, new IllegalStateException("income is " + CANARY));
    }

    assertThat(spans.getFinishedSpanItems()).hasSize(2);
    SpanData failed = spans.getFinishedSpanItems().get(1);
    assertThat(failed.getStatus()).isEqualTo(StatusData.error());
    assertThat(failed.getAttributes().get(Telemetry.ERROR_TYPE)).isEqualTo("_OTHER");
    assertThat(failed.getAttributes().get(AttributeKey.stringKey("exception.type")))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(spans.getFinishedSpanItems().toString()).doesNotContain("4242").contains("fraud");
    assertThat(metrics.collectAllMetrics().toString()).doesNotContain("4242").contains("fraud");
  }

  @Test
  void logs_ofAFailure_nameTheClassOnceAndNoValue() {
    var said = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      for (int i = 0; i < 3; i++) {
        telemetry.failed(model, new IllegalStateException("income is " + CANARY), 1_000);
      }
    } finally {
      System.setErr(before);
    }

    assertThat(said.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("java.lang.IllegalStateException")
        .doesNotContain("4242");
  }

  @Test
  void span_withAMask_showsWhatTheMaskGives() {
    telemetry.close();
    try (var masked = PredictionTelemetry.builder(sdk)
        .clock(clock)
        .spanFeatures((feature, value) -> feature.name().equals("age")
            ? Optional.of(value < 18 ? "minor" : "adult")
            : Optional.empty())
        .build()) {
      Span parent = sdk.getTracer("host").spanBuilder("request").startSpan();
      try (Scope scope = parent.makeCurrent()) {
        assertThat(scope).isNotNull();
        masked.predicted(model, ROW, NO, 1_000);
      }
    }

    assertThat(spans.getFinishedSpanItems().get(0).getAttributes().asMap())
        .isEqualTo(attributes().put("mlops.feature.age", "minor").build().asMap());
  }

  @Test
  void window_ofANewVersion_goesOn_ofAnotherTarget_beginsAnew() {
    telemetry.predicted(model, ROW, NO, 1_000);
    telemetry.predicted(new ServedModel("fraud", 4, SCHEMA), ROW, YES, 1_000);
    assertThat(window().counts(Duration.ofMinutes(1)).mix()).isEqualTo(Map.of("no", 1L, "yes", 1L));

    var other = new Schema(SCHEMA.features(), new Target.Classes("fraud", List.of("a", "b", "c")));
    telemetry.swapped(new ServedModel("fraud", 5, other));

    assertThat(window().counts(Duration.ofMinutes(1)).requests()).isZero();
    assertThat(telemetry.window("churn")).isEmpty();
  }

  @Test
  void swapped_manyTimes_keepsOneVersion() {
    for (int version = 1; version <= 500; version++) {
      var next = new ServedModel("fraud", version, SCHEMA);
      telemetry.swapped(next);
      if (version < 500) {
        telemetry.retired(next);
      }
    }

    assertThat(values(collect(), Telemetry.MODEL_INFO)).hasSize(1);
  }

  @Test
  void predicted_onceBound_allocatesNothing() {
    var other = new ServedModel("fraud", 4, SCHEMA);
    Runnable round = () -> {
      for (int i = 0; i < 10_000; i++) {
        telemetry.predicted((i & 1) == 0 ? model : other, ROW, (i & 3) == 0 ? YES : NO, 1_500);
      }
    };
    for (int i = 0; i < 10; i++) {
      round.run();
    }

    assertThat(Allocations.of(round)).isLessThan(10_000);
  }

  @Test
  void predicted_withoutOpenTelemetry_fillsTheWindow() {
    var alone = PredictionTelemetry.of(OpenTelemetry.noop());

    alone.predicted(model, ROW, YES, 1_000);

    assertThat(alone.window("fraud").orElseThrow().counts(Duration.ofMinutes(1)).requests())
        .isEqualTo(1);
    alone.close();
  }

  @Test
  void predicted_isTheFirstHighestScore_neverNaN() {
    assertThat(BoundModel.predicted(new double[] {0.5, 0.5})).isZero();
    assertThat(BoundModel.predicted(new double[] {Double.NaN, 0.1, 0.2})).isEqualTo(2);
    assertThat(BoundModel.predicted(new double[] {Double.NaN, Double.NaN})).isEqualTo(1);
    assertThat(BoundModel.predicted(new double[] {7})).isZero();
  }

  private static Map<Attributes, Double> aboveZero(Map<Attributes, Double> values) {
    values.values().removeIf(value -> value == 0);
    return values;
  }

  private PredictionWindow window() {
    return telemetry.window("fraud").orElseThrow();
  }

  private static io.opentelemetry.api.common.AttributesBuilder attributes() {
    return Attributes.builder().put(Telemetry.MODEL_NAME, "fraud").put(Telemetry.MODEL_VERSION, 3L);
  }

  private Map<String, MetricData> collect() {
    var byName = new TreeMap<String, MetricData>();
    metrics.collectAllMetrics().forEach(m -> byName.put(m.getName(), m));
    return byName;
  }

  private static MetricData metric(Map<String, MetricData> collected, String name) {
    return requireNonNull(collected.get(name), name);
  }

  private static PointData point(Map<String, MetricData> collected, String name) {
    return metric(collected, name).getData().getPoints().iterator().next();
  }

  private static Map<Attributes, Double> values(Map<String, MetricData> collected, String name) {
    MetricData metric = metric(collected, name);
    var values = new java.util.HashMap<Attributes, Double>();
    metric
        .getLongSumData()
        .getPoints()
        .forEach(p -> values.put(p.getAttributes(), (double) p.getValue()));
    metric
        .getLongGaugeData()
        .getPoints()
        .forEach(p -> values.put(p.getAttributes(), (double) p.getValue()));
    metric
        .getDoubleGaugeData()
        .getPoints()
        .forEach(p -> values.put(p.getAttributes(), p.getValue()));
    return values;
  }
}
