package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelRef;
import dev.mlops.telemetry.PredictionWindow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates the rules of one model and tells a sink what changed, once per change. It has no thread
 * of its own: call {@link #evaluate()} at a steady pace or lend it an executor. Safe for use by
 * several threads.
 */
public final class AlertEngine {
  private static final Logger LOG = LoggerFactory.getLogger(AlertEngine.class);

  private final Object lock = new Object();
  private final String model;
  private final Supplier<Optional<PredictionWindow>> window;
  private final Clock clock;
  private final AlertSink sink;
  private final List<AlertTracker> trackers;
  private final HashSet<String> logged = new HashSet<>();

  private AlertEngine(Builder builder) {
    model = builder.model;
    window = builder.window;
    clock = builder.clock;
    sink = builder.sink;
    Instant now = clock.instant();
    trackers = builder.rules.stream().map(rule -> new AlertTracker(rule, now)).toList();
  }

  /**
   * Starts to build an engine.
   *
   * @param model the model's name
   * @param window gives its recent past, such as {@code () -> telemetry.window("fraud")}; while
   *     empty there is no data
   * @return a builder
   * @throws InvalidInputException if the name is none that {@link ModelRef#NAME} allows
   */
  public static Builder builder(String model, Supplier<Optional<PredictionWindow>> window) {
    return new Builder(model, window);
  }

  /**
   * Evaluates every rule once, at the clock's time, and tells the sink.
   *
   * @return where each rule stands now, in the rules' order
   */
  public List<AlertStatus> evaluate() {
    synchronized (lock) {
      Instant now = clock.instant();
      PredictionWindow recent = window.get().orElse(null);
      var alerts = new ArrayList<Alert>();
      for (AlertTracker tracker : trackers) {
        if (tracker.step(now, measure(tracker.rule(), recent)).isPresent()) {
          alerts.add(tracker.alert(model, now));
        }
      }
      alerts.forEach(this::tell);
      return statuses();
    }
  }

  /**
   * Returns where each rule stood after the last evaluation.
   *
   * @return the statuses in the rules' order
   */
  public List<AlertStatus> statuses() {
    synchronized (lock) {
      return trackers.stream().map(AlertTracker::status).toList();
    }
  }

  /**
   * Evaluates at a steady pace on the caller's executor.
   *
   * @param executor runs the evaluations; stays the caller's
   * @param interval the pace, such as 15 s
   * @return ends the evaluations when closed
   */
  public AutoCloseable start(ScheduledExecutorService executor, Duration interval) {
    if (interval.compareTo(Duration.ofMillis(1)) < 0) {
      throw new InvalidInputException("interval must be at least PT0.001S, got " + interval);
    }
    long millis = interval.toMillis();
    Future<?> evaluations =
        executor.scheduleAtFixedRate(this::evaluateSafely, millis, millis, TimeUnit.MILLISECONDS);
    return () -> evaluations.cancel(false);
  }

  /** An exception would end the executor's repetition without a word. */
  private void evaluateSafely() {
    try {
      evaluate();
    } catch (RuntimeException | Error e) {
      logOnce("evaluation", e);
    }
  }

  private @Nullable Measurement measure(AlertRule rule, @Nullable PredictionWindow recent) {
    if (recent == null) {
      return null;
    }
    try {
      return rule.condition().measure(recent).orElse(null);
    } catch (RuntimeException | Error e) {
      logOnce(rule.name(), e);
      return null;
    }
  }

  private void tell(Alert alert) {
    try {
      sink.accept(alert);
    } catch (RuntimeException | Error e) {
      logOnce("sink", e);
    }
  }

  private void logOnce(String what, Throwable cause) {
    boolean first;
    synchronized (lock) {
      first = logged.add(what + cause.getClass().getName());
    }
    if (first) {
      LOG.warn("Alerts of model {}: {} failed; logged once", model, what, cause);
    }
  }

  /** Builds an engine. Not safe for use by several threads. */
  public static final class Builder {
    private final String model;
    private final Supplier<Optional<PredictionWindow>> window;
    private final List<AlertRule> rules = new ArrayList<>();
    private Clock clock = Clock.systemUTC();
    private AlertSink sink = AlertSink.log();

    private Builder(String model, Supplier<Optional<PredictionWindow>> window) {
      this.model = ModelRef.requireName("model", model);
      this.window = requireNonNull(window, "window");
    }

    /**
     * Adds rules.
     *
     * @param more the rules; names must be unique
     * @return this builder
     */
    public Builder rules(List<AlertRule> more) {
      rules.addAll(more);
      return this;
    }

    /**
     * Adds a rule.
     *
     * @param rule the rule; its name must be unique
     * @return this builder
     */
    public Builder rule(AlertRule rule) {
      rules.add(requireNonNull(rule, "rule"));
      return this;
    }

    /**
     * Sets where alerts go.
     *
     * @param sink the sink; the log by default. It stays the caller's to close.
     * @return this builder
     */
    public Builder sink(AlertSink sink) {
      this.sink = requireNonNull(sink, "sink");
      return this;
    }

    /**
     * Sets the clock.
     *
     * @param clock the clock; the system's by default
     * @return this builder
     */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Builds the engine.
     *
     * @return the engine
     * @throws InvalidInputException if there is no rule or two have the same name
     */
    public AlertEngine build() {
      var names = new HashSet<String>();
      for (AlertRule rule : rules) {
        if (!names.add(rule.name())) {
          throw new InvalidInputException("two rules are named '" + rule.name() + "'");
        }
      }
      if (names.isEmpty()) {
        throw new InvalidInputException("an alert engine needs at least one rule, got none");
      }
      return new AlertEngine(this);
    }
  }
}
