package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.error.ConflictException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.model.ModelFormats;
import dev.mlops.model.ModelRef;
import dev.mlops.model.Predictor;
import dev.mlops.registry.ModelRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model in the host's own process that follows a reference. When an alias moves, a refresh loads
 * the new version, makes it answer its golden rows, warms it up and only then swaps it in; calls in
 * flight finish on the old one, which is closed after the last of them. Whatever goes wrong on the
 * way, the old version serves on, {@link #health()} says why, and the next refresh tries again.
 *
 * <p>Safe for use by several threads. Predicting takes no lock and, through
 * {@link #predict(double[], double[])} with a compiled model, allocates nothing.
 *
 * <p>The schema is fixed when the model is opened: a later version with another signature is not
 * taken.
 */
public final class LiveModel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);

  private final ModelSource source;
  private final ModelRef ref;
  private final ModelLoader loader;
  private final Clock clock;
  private final Schema schema;
  private final SignatureGuard guard;
  private final NamedValues named;
  private final Listeners listeners;
  private final Object refreshLock = new Object();
  private final Object swapLock = new Object(); // never held while anything is read or loaded
  private final Duration longestRefresh;
  private final @Nullable ScheduledExecutorService executor;
  private final @Nullable Future<?> schedule;

  private volatile LoadedModel current;
  private volatile RefreshState state;
  private volatile Optional<Instant> refreshingSince = Optional.empty();
  private volatile boolean closed;

  /** What the latest refresh found. */
  private record RefreshState(Instant checkedAt, Optional<String> degraded, int failures) {}

  private LiveModel(Builder builder) {
    this.source = builder.source;
    this.ref = builder.ref;
    this.clock = builder.clock;
    this.longestRefresh = builder.longestRefresh;
    this.loader = new ModelLoader(
        source,
        builder.formats == null ? ModelFormats.installed() : builder.formats,
        builder.goldenTolerance,
        builder.warmUp,
        clock);
    this.listeners = new Listeners(builder.listeners);
    ModelSource.Version version = source.resolve(ref);
    this.schema = version.schema();
    this.guard = new SignatureGuard(schema, builder.policy);
    this.named = new NamedValues(schema, guard);
    this.current = loader.load(version);
    this.state = new RefreshState(clock.instant(), Optional.empty(), 0);
    LOG.info("{} serves {}: {}", ref, current.served, current.description);
    listeners.each(listener -> listener.swapped(current.served));
    this.executor = builder.executor;
    long nanos = builder.interval.toNanos();
    this.schedule = executor == null
        ? null
        : executor.scheduleWithFixedDelay(this::refresh, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Starts a model that follows a reference in a registry.
   *
   * @param registry where versions come from
   * @param ref the version or alias to follow
   * @return a builder
   */
  public static Builder builder(ModelRegistry registry, ModelRef ref) {
    return new Builder(ModelSource.of(registry), ref);
  }

  /**
   * Follows a reference in a registry, refreshing only when told to and refusing every row that
   * differs from the signature.
   *
   * @param registry where versions come from
   * @param ref the version or alias to follow
   * @return the model, ready to predict
   * @throws dev.mlops.error.NotFoundException if the reference points at nothing
   */
  public static LiveModel open(ModelRegistry registry, ModelRef ref) {
    return builder(registry, ref).build();
  }

  /**
   * Starts a model that follows a reference.
   *
   * @param source where versions come from
   * @param ref the version or alias to follow
   * @return a builder
   */
  public static Builder builder(ModelSource source, ModelRef ref) {
    return new Builder(source, ref);
  }

  /**
   * Returns the signature that rows must follow.
   *
   * @return the schema, the same for as long as this model is open
   */
  public Schema schema() {
    return schema;
  }

  /**
   * Returns which version serves now.
   *
   * @return the version
   */
  public ServedModel current() {
    return current.served;
  }

  /**
   * Scores one row without allocating.
   *
   * @param row one value per feature in schema order, {@code NaN} where missing; not modified
   * @param scores receives one score per class in the order of the schema's classes, or the
   *     predicted quantity
   * @return the version that answered
   * @throws SignatureException if the policy refuses the row
   * @throws InvalidInputException if a length is wrong
   */
  public ServedModel predict(double[] row, double[] scores) {
    int stripe = LoadedModel.stripe();
    LoadedModel model = enter(stripe);
    long start = listeners.none() ? 0 : System.nanoTime();
    try {
      model.predictor.predict(guard.check(row), scores);
    } catch (RuntimeException | Error e) {
      failed(model, e, start, 1);
      throw e;
    } finally {
      model.leave(stripe);
    }
    if (!listeners.none()) {
      listeners.predicted(model.served, row, scores, System.nanoTime() - start);
    }
    return model.served;
  }

  private LoadedModel enter(int stripe) {
    while (true) {
      LoadedModel model = current;
      model.enter(stripe);
      if (model == current && !closed) {
        return model;
      }
      model.leave(stripe);
      if (closed) {
        throw new UnavailableException("the model following " + ref + " is closed");
      }
    }
  }

  private void failed(LoadedModel model, Throwable cause, long start, int rows) {
    if (!listeners.none()) {
      long nanos = (System.nanoTime() - start) / Math.max(1, rows);
      for (int i = 0; i < rows; i++) {
        listeners.each(listener -> listener.failed(model.served, cause, nanos));
      }
    }
  }

  /**
   * Scores one row.
   *
   * @param row one value per feature in schema order, {@code NaN} where missing
   * @return the prediction
   * @throws SignatureException if the policy refuses the row
   */
  public Prediction predict(double[] row) {
    double[] scores = new double[schema.outputs()];
    return new Prediction(predict(row, scores), scores);
  }

  /**
   * Scores named values: numbers for numeric features; texts, enum constants or booleans for
   * categorical ones. An absent or null value is missing.
   *
   * @param values the values by feature name
   * @return the prediction
   * @throws SignatureException if the policy refuses a value; nothing was asked
   */
  public Prediction predict(Map<String, ?> values) {
    return predict(row(values));
  }

  /**
   * Scores the components of a record by their names, as {@link #predict(Map)} does.
   *
   * @param values a record whose accessors this library may call
   * @return the prediction
   * @throws SignatureException if the policy refuses a value; nothing was asked
   */
  public Prediction predict(Record values) {
    return predict(row(NamedValues.of(requireNonNull(values, "values"))));
  }

  private double[] row(Map<String, ?> values) {
    long start = listeners.none() ? 0 : System.nanoTime();
    try {
      return named.row(requireNonNull(values, "values"));
    } catch (RuntimeException e) {
      failed(current, e, start, 1);
      throw e;
    }
  }

  /**
   * Scores many rows, all by the same version.
   *
   * @param rows the rows in schema order; not modified
   * @return one prediction per row
   * @throws SignatureException if the policy refuses a row; no prediction is given then
   */
  public List<Prediction> predictAll(double[][] rows) {
    double[][] scores = new double[rows.length][schema.outputs()];
    return predictions(predictAll(rows, scores), scores);
  }

  /** As {@link #predictAll(double[][])}, for a caller who asks row by row again if this fails. */
  List<Prediction> predictTogether(double[][] rows) {
    double[][] scores = new double[rows.length][schema.outputs()];
    return predictions(predictAll(rows, scores, false), scores);
  }

  private static List<Prediction> predictions(ServedModel model, double[][] scores) {
    List<Prediction> predictions = new ArrayList<>(scores.length);
    for (double[] one : scores) {
      predictions.add(new Prediction(model, one));
    }
    return predictions;
  }

  /**
   * Scores many rows, all by the same version.
   *
   * @param rows the rows in schema order; not modified
   * @param scores receives the scores of each row
   * @return the version that answered
   * @throws SignatureException if the policy refuses a row; the scores are undefined then
   */
  public ServedModel predictAll(double[][] rows, double[][] scores) {
    return predictAll(rows, scores, true);
  }

  private ServedModel predictAll(double[][] rows, double[][] scores, boolean last) {
    int stripe = LoadedModel.stripe();
    LoadedModel model = enter(stripe);
    long start = listeners.none() ? 0 : System.nanoTime();
    try {
      double[][] checked = new double[rows.length][];
      for (int i = 0; i < rows.length; i++) {
        checked[i] = guard.check(rows[i]);
      }
      model.predictor.predictAll(checked, scores);
    } catch (RuntimeException | Error e) {
      if (last) {
        failed(model, e, start, rows.length);
      }
      throw e;
    } finally {
      model.leave(stripe);
    }
    if (!listeners.none()) {
      long each = rows.length == 0 ? 0 : (System.nanoTime() - start) / rows.length;
      for (int i = 0; i < rows.length; i++) {
        listeners.predicted(model.served, rows[i], scores[i], each);
      }
    }
    return model.served;
  }

  /**
   * Looks for another version and takes it. Never throws: what goes wrong is in {@link #health()}
   * and told to the listeners. Waits for a refresh that is running already.
   *
   * @return true if another version serves now
   */
  public boolean refresh() {
    synchronized (refreshLock) {
      if (closed) {
        return false;
      }
      try {
        refreshingSince = Optional.of(clock.instant());
        boolean swapped = follow(source.resolve(ref));
        state = new RefreshState(clock.instant(), Optional.empty(), 0);
        return swapped;
      } catch (Throwable e) { // whatever gets out would end the executor's repetition
        degraded(e);
        return false;
      } finally {
        refreshingSince = Optional.empty();
      }
    }
  }

  private boolean follow(ModelSource.Version version) {
    LoadedModel old = current;
    if (version.number() == old.served.version()) {
      return false;
    }
    if (!version.schema().equals(schema)) {
      throw new ConflictException(version.model() + ":" + version.number()
          + " has another signature than " + old.served + ", which serves");
    }
    LoadedModel next = loader.load(version);
    synchronized (swapLock) {
      if (closed) { // while the version was loaded
        next.retire();
        return false;
      }
      current = next;
      listeners.each(listener -> listener.swapped(next.served));
      listeners.each(listener -> listener.retired(old.served));
    }
    LOG.info("{} serves {} instead of {}: {}", ref, next.served, old.served, next.description);
    old.retire();
    return true;
  }

  private void degraded(Throwable cause) {
    if (closed) {
      return;
    }
    RefreshState before = state;
    String reason = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    state = new RefreshState(before.checkedAt, Optional.of(reason), before.failures + 1);
    if (!before.degraded.equals(Optional.of(reason))) {
      LOG.warn("{} could not be refreshed; {} serves on", ref, current.served, cause);
    }
    listeners.each(listener -> listener.refreshFailed(current.served, cause));
  }

  /**
   * Shows this model as a predictor, to make it part of an ensemble. Closing the predictor does not
   * close the model.
   *
   * @return a predictor that always asks the version that serves
   */
  public Predictor asPredictor() {
    return new LivePredictor(this);
  }

  boolean givesProbabilities() {
    return current.predictor.givesProbabilities();
  }

  /**
   * Tells how the model is doing.
   *
   * @return a report of this moment
   */
  public ModelHealth health() {
    LoadedModel model = current;
    RefreshState now = state;
    return new ModelHealth(
        !closed && (executor == null || !executor.isShutdown()) && !isOver(schedule),
        !closed,
        model.served,
        model.description,
        model.since,
        now.checkedAt,
        hanging().or(() -> now.degraded),
        now.failures,
        listeners.failures(),
        guard.counts());
  }

  private static boolean isOver(@Nullable Future<?> schedule) {
    return schedule != null && schedule.isDone();
  }

  private Optional<String> hanging() {
    return refreshingSince
        .filter(since -> Duration.between(since, clock.instant()).compareTo(longestRefresh) > 0)
        .map(since -> "a refresh has been running since " + since);
  }

  /**
   * Stops following. Calls in flight finish, later ones throw {@link UnavailableException}. Does
   * not wait for a refresh that is running: what that brings is closed and never serves.
   */
  @Override
  public void close() {
    if (schedule != null) {
      schedule.cancel(false);
    }
    synchronized (swapLock) {
      if (closed) {
        return;
      }
      closed = true;
      listeners.each(listener -> listener.retired(current.served));
    }
    current.retire();
  }

  @Override
  public String toString() {
    return ref + " = " + current.served;
  }

  /** Collects what a live model needs. Not safe for use by several threads. */
  public static final class Builder {
    private final ModelSource source;
    private final ModelRef ref;
    private final List<PredictionListener> listeners = new ArrayList<>();
    private SignaturePolicy policy = SignaturePolicy.strict();
    private Clock clock = Clock.systemUTC();
    private Duration interval = Duration.ZERO;
    private @Nullable ScheduledExecutorService executor;
    private @Nullable ModelFormats formats;
    private OptionalDouble goldenTolerance = OptionalDouble.empty();
    private int warmUp = 2_000;
    private Duration longestRefresh = Duration.ofMinutes(5);

    private Builder(ModelSource source, ModelRef ref) {
      this.source = requireNonNull(source, "source");
      this.ref = requireNonNull(ref, "ref");
    }

    /**
     * Refreshes in the background. Without this, only {@link LiveModel#refresh()} does.
     *
     * @param interval the pause between refreshes, greater than zero
     * @param executor runs them; not shut down by the model
     * @return this
     */
    public Builder refreshEvery(Duration interval, ScheduledExecutorService executor) {
      if (interval.isNegative() || interval.isZero()) {
        throw new InvalidInputException("the refresh interval must be > 0, got " + interval);
      }
      this.interval = interval;
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Sets how long a refresh may run, reading and loading included, before
     * {@link LiveModel#health()} calls the model degraded. It is not ended: whether a source that
     * hangs is given up is for its own timeouts to say.
     *
     * @param longest greater than zero, 5 minutes by default
     * @return this
     */
    public Builder refreshWithin(Duration longest) {
      if (longest.isNegative() || longest.isZero()) {
        throw new InvalidInputException("the longest refresh must be > 0, got " + longest);
      }
      this.longestRefresh = longest;
      return this;
    }

    /**
     * Sets what is done with rows that differ from the signature.
     *
     * @param policy the policy, {@link SignaturePolicy#strict()} by default
     * @return this
     */
    public Builder policy(SignaturePolicy policy) {
      this.policy = requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Adds a listener.
     *
     * @param listener hears of predictions, swaps and failures
     * @return this
     */
    public Builder listener(PredictionListener listener) {
      listeners.add(requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * Sets the clock of the times in {@link ModelHealth}.
     *
     * @param clock the clock
     * @return this
     */
    public Builder clock(Clock clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Limits the formats that may be read.
     *
     * @param formats the formats, all installed ones by default
     * @return this
     */
    public Builder formats(ModelFormats formats) {
      this.formats = requireNonNull(formats, "formats");
      return this;
    }

    /**
     * Sets how far a loaded model may be from its golden rows.
     *
     * @param tolerance absolute for scores up to 1, relative above. By default the compiled form
     *     may be off by what its arithmetic allows (nothing, or two units of a float for boosted
     *     trees) and 1e-9 for another processor's {@code exp}; models of other formats by 1e-6.
     * @return this
     */
    public Builder goldenTolerance(double tolerance) {
      if (!(tolerance >= 0)) {
        throw new InvalidInputException("the golden tolerance must be >= 0, got " + tolerance);
      }
      this.goldenTolerance = OptionalDouble.of(tolerance);
      return this;
    }

    /**
     * Sets how many predictions of golden rows a new version makes before it serves.
     *
     * @param predictions 2,000 by default
     * @return this
     */
    public Builder warmUp(int predictions) {
      if (predictions < 0) {
        throw new InvalidInputException("warm-up must be >= 0 predictions, got " + predictions);
      }
      this.warmUp = predictions;
      return this;
    }

    /**
     * Loads the model and begins to follow.
     *
     * @return the model, ready to predict
     * @throws dev.mlops.error.NotFoundException if the reference points at nothing
     * @throws dev.mlops.error.CorruptException if the version cannot be trusted
     * @throws UnavailableException if the source did not answer
     */
    public LiveModel build() {
      return new LiveModel(this);
    }
  }
}
