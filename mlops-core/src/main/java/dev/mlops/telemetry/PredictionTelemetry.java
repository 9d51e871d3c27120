package dev.mlops.telemetry;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Target;
import dev.mlops.serving.PredictionListener;
import dev.mlops.serving.ServedModel;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures every prediction: OpenTelemetry counter and histogram with attributes bound once per
 * served version, an in-process {@link PredictionWindow} per model, and a span where, and only
 * where, the caller's own span is sampled. The names are in {@link Telemetry}.
 *
 * <p>No feature value leaves through here, and no message of an exception, which may hold one:
 * metrics name the kind of failure, spans and logs the exception's class. Values appear on sampled
 * spans only through a {@link FeatureMask}.
 *
 * <p>Safe for use by several threads. A prediction without a sampled span allocates nothing here.
 */
public final class PredictionTelemetry implements PredictionListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictionTelemetry.class);
  private static final Duration LOAD_WINDOW = Duration.ofMinutes(1);
  private static final int MAX_LOGGED = 100;

  /**
   * From a microsecond to ten seconds, with boundaries where rules compare: 0.1, 0.5, 1 and 2 s.
   */
  private static final List<Double> BOUNDARIES = List.of(
      1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025,
      0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0);

  private final Clock clock;
  private final Function<ServedModel, Attributes> extra;
  private final Function<ServedModel, Optional<Instant>> created;
  private final LongCounter count;
  private final LongCounter errors;
  private final LongCounter outcomes;
  private final LongCounter refreshErrors;
  private final DoubleHistogram duration;
  private final PredictionSpans spans;
  private final BatchCallback gauges;
  private final Map<String, Signature> windows = new ConcurrentHashMap<>();
  private final BoundModels bound = new BoundModels(this::bind);
  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private record Signature(Target target, PredictionWindow window) {}

  private PredictionTelemetry(Builder builder) {
    clock = builder.clock;
    extra = builder.extra;
    created = builder.created;
    Meter meter = builder.openTelemetry.getMeter("dev.mlops");
    count = counter(meter, Telemetry.PREDICTION_COUNT, "{prediction}", "Predictions that ended");
    errors = counter(meter, Telemetry.PREDICTION_ERRORS, "{error}", "Predictions that failed");
    outcomes = counter(
        meter, Telemetry.PREDICTION_OUTCOMES, "{prediction}", "Predictions with known truth");
    refreshErrors = counter(meter, Telemetry.REFRESH_ERRORS, "{error}", "Refreshes that failed");
    duration = meter
        .histogramBuilder(Telemetry.PREDICTION_DURATION)
        .setUnit("s")
        .setDescription("How long predictions took")
        .setExplicitBucketBoundariesAdvice(BOUNDARIES)
        .build();
    spans = new PredictionSpans(builder.openTelemetry.getTracer("dev.mlops"), clock, builder.mask);
    ObservableLongMeasurement info = meter
        .gaugeBuilder(Telemetry.MODEL_INFO)
        .ofLongs()
        .setDescription("The version that serves")
        .buildObserver();
    ObservableDoubleMeasurement age = meter
        .gaugeBuilder(Telemetry.MODEL_AGE)
        .setUnit("s")
        .setDescription("The age of the version that serves")
        .buildObserver();
    ObservableDoubleMeasurement load = meter
        .gaugeBuilder(Telemetry.REQUESTS_PER_SECOND)
        .setDescription("Predictions per second of this instance over the last minute")
        .buildObserver();
    gauges = meter.batchCallback(() -> observe(info, age, load), info, age, load);
  }

  private static LongCounter counter(Meter meter, String name, String unit, String description) {
    return meter.counterBuilder(name).setUnit(unit).setDescription(description).build();
  }

  /**
   * Creates telemetry with the defaults.
   *
   * @param openTelemetry the host's OpenTelemetry, {@link OpenTelemetry#noop()} for none
   * @return the telemetry
   */
  public static PredictionTelemetry of(OpenTelemetry openTelemetry) {
    return builder(openTelemetry).build();
  }

  /**
   * Starts to build telemetry.
   *
   * @param openTelemetry the host's OpenTelemetry, {@link OpenTelemetry#noop()} for none
   * @return a builder
   */
  public static Builder builder(OpenTelemetry openTelemetry) {
    return new Builder(openTelemetry);
  }

  /**
   * Returns the recent past of a model, over all versions with the same target. A version with
   * another target, such as another list of classes, begins a new window.
   *
   * @param model the model's name
   * @return its window; empty until a version serves
   */
  public Optional<PredictionWindow> window(String model) {
    return Optional.ofNullable(windows.get(requireNonNull(model, "model"))).map(Signature::window);
  }

  /**
   * Counts a prediction whose truth became known.
   *
   * @param model the version that predicted, or an equal description of it
   * @param right whether it was right
   */
  public void outcome(ServedModel model, boolean right) {
    BoundModel to = bound.like(model);
    outcomes.add(1, right ? to.right : to.wrong);
    to.window.outcome(right);
  }

  @Override
  public void predicted(ServedModel model, double[] row, double[] scores, long nanos) {
    BoundModel to = bound.of(model);
    int predicted = BoundModel.predicted(scores);
    Context context = Context.current();
    count.add(1, to.attributes(predicted), context);
    to.window.answered(predicted, nanos);
    if (isSampled(context)) {
      to.durations.recordNow(nanos, context);
      spans.predicted(to, row, nanos, context);
    } else if (closed) { // nobody flushes any more
      to.durations.recordNow(nanos, context);
    } else {
      to.durations.record(nanos);
    }
  }

  @Override
  public void failed(ServedModel model, Throwable cause, long nanos) {
    BoundModel to = bound.of(model);
    ErrorType type = ErrorType.of(cause);
    Context context = Context.current();
    count.add(1, to.attributes(type), context);
    errors.add(1, to.attributes(type), context);
    to.durations.recordNow(nanos, context);
    if (type == ErrorType.INVALID_INPUT) {
      to.window.refused(nanos);
    } else {
      to.window.failed(nanos);
    }
    if (isSampled(context)) {
      spans.failed(to, cause, nanos, context);
    }
    String name = cause.getClass().getName();
    if (logged.size() < MAX_LOGGED && logged.add(model + " " + name)) {
      LOG.warn("A prediction of {} failed with {}; more of these are only counted", model, name);
    }
  }

  @Override
  public void swapped(ServedModel model) {
    bound.swapped(model);
  }

  @Override
  public void retired(ServedModel model) {
    bound.retired(model);
  }

  @Override
  public void refreshFailed(ServedModel model, Throwable cause) {
    refreshErrors.add(1, bound.of(model).attributes(ErrorType.of(cause)));
  }

  /** Removes the gauges from the host's OpenTelemetry. Counting goes on; closing twice is fine. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    gauges.close();
    bound.flush();
  }

  private static boolean isSampled(Context context) {
    Span parent = Span.fromContextOrNull(context);
    return parent != null && parent.getSpanContext().isSampled();
  }

  private BoundModel bind(ServedModel model) {
    Attributes attributes = extra.apply(model).toBuilder()
        .put(Telemetry.MODEL_NAME, model.model())
        .put(Telemetry.MODEL_VERSION, (long) model.version())
        .build();
    var to = new BoundModel(
        model,
        windowOf(model),
        attributes,
        new DurationBatches(duration, attributes),
        created.apply(model).orElseGet(clock::instant));
    to.answers().forEach(series -> count.add(0, series));
    for (Attributes series : to.failures()) {
      count.add(0, series);
      errors.add(0, series);
      refreshErrors.add(0, series);
    }
    outcomes.add(0, to.right);
    outcomes.add(0, to.wrong);
    return to;
  }

  private PredictionWindow windowOf(ServedModel model) {
    Target target = model.schema().target();
    return requireNonNull(windows.compute(
            model.model(),
            (name, before) -> before != null && before.target().equals(target)
                ? before
                : new Signature(target, new PredictionWindow(target, clock))))
        .window();
  }

  /** The SDK asks for this before it collects what a meter counted: the time to hand it over. */
  private void observe(
      ObservableLongMeasurement info,
      ObservableDoubleMeasurement age,
      ObservableDoubleMeasurement load) {
    bound.flush();
    Instant now = clock.instant();
    var told = new LinkedHashMap<Attributes, BoundModel>(); // several models may serve one version
    bound.tell().forEach(model -> told.putIfAbsent(model.attributes, model));
    told.forEach((attributes, model) -> {
      info.record(1, attributes);
      age.record(Duration.between(model.since, now).toMillis() / 1e3, attributes);
    });
    told.values().stream()
        .map(model -> model.model.model())
        .distinct()
        .forEach(name -> window(name)
            .ifPresent(window -> load.record(
                window.counts(LOAD_WINDOW).requestsPerSecond(),
                Attributes.of(Telemetry.MODEL_NAME, name))));
  }

  /** Builds telemetry. Not safe for use by several threads. */
  public static final class Builder {
    private final OpenTelemetry openTelemetry;
    private Clock clock = Clock.systemUTC();
    private Function<ServedModel, Attributes> extra = model -> Attributes.empty();
    private Function<ServedModel, Optional<Instant>> created = model -> Optional.empty();
    private @Nullable FeatureMask mask;

    private Builder(OpenTelemetry openTelemetry) {
      this.openTelemetry = requireNonNull(openTelemetry, "openTelemetry");
    }

    /**
     * Sets the clock of windows, ages and spans.
     *
     * @param clock the clock; the system's by default
     * @return this builder
     */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Adds attributes of the host, such as {@code mlops.variant}. Asked once per served version.
     *
     * @param attributes gives attributes of few different values, never of a user
     * @return this builder
     */
    public Builder attributes(Function<ServedModel, Attributes> attributes) {
      this.extra = requireNonNull(attributes, "attributes");
      return this;
    }

    /**
     * Tells since when a version exists, for {@link Telemetry#MODEL_AGE}. Asked once per served
     * version.
     *
     * @param created gives the time of creation; where empty, the age counts from the moment the
     *     version began to serve here
     * @return this builder
     */
    public Builder created(Function<ServedModel, Optional<Instant>> created) {
      this.created = requireNonNull(created, "created");
      return this;
    }

    /**
     * Lets masked feature values appear on sampled spans, as {@code mlops.feature.<name>}.
     *
     * @param mask decides what may be shown
     * @return this builder
     */
    public Builder spanFeatures(FeatureMask mask) {
      this.mask = requireNonNull(mask, "mask");
      return this;
    }

    /**
     * Builds the telemetry and registers its instruments.
     *
     * @return the telemetry
     */
    public PredictionTelemetry build() {
      return new PredictionTelemetry(this);
    }
  }
}
