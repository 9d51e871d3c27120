package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.DriftReport.Verdict;
import dev.mlops.drift.internal.MonitorBytes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches live rows inside a service: counts them into time buckets, compares each window of
 * buckets with the {@link Baseline}, and tells a {@link Listener} when features drift persistently.
 *
 * <p>Buckets are aligned to the epoch. A window of several buckets slides by one bucket (or, if
 * tumbling, by its whole length); its profile is the sum of its buckets, so no row is kept. A
 * bucket closes when the first row, or {@link #tick()}, comes after its end. Memory does not grow
 * with rows; see {@link #memoryBytes()}.
 *
 * <p>Safe for use by several threads: rows go to one of several stripes, so recording threads
 * seldom meet. Comparisons run on the builder's executor. After the monitor is built, nothing that
 * a listener or a comparison throws reaches a thread that records.
 */
public final class DriftMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(DriftMonitor.class);

  private final Baseline baseline;
  private final DriftPolicy policy;
  private final Clock clock;
  private final long bucketMillis;
  private final int buckets;
  private final boolean tumbling;
  private final int historyLength;
  private final Listener listener;
  private final Executor executor;
  private final int[] inputs;
  private final int prediction;
  private final int label;

  private final Stripes stripes;
  private volatile long current;
  private final AtomicLong failures = new AtomicLong();

  private final Object lock = new Object();
  private final ArrayDeque<Bucket> ring = new ArrayDeque<>();
  private final ArrayDeque<Point> history = new ArrayDeque<>();
  private final Persistence persistence;
  private @Nullable Window last;

  /** A closed bucket. Its index is its start divided by the bucket length. */
  private record Bucket(long index, Profile profile) {}

  /**
   * A compared window.
   *
   * @param from start, inclusive
   * @param to end, exclusive
   * @param report the comparison
   */
  public record Window(Instant from, Instant to, DriftReport report) {}

  /**
   * One point of the history that the report page draws.
   *
   * @param to end of the window
   * @param verdict verdict of the data set
   * @param effects effect per feature in the order of the baseline
   */
  public record Point(Instant to, Verdict verdict, List<Double> effects) {
    /** Creates a point. */
    public Point {
      effects = List.copyOf(effects);
    }
  }

  /**
   * A change in which features drift in at least k of the last m windows.
   *
   * @param started features that began to
   * @param resolved features that ceased to
   * @param drifting all features that do now
   * @param window the window that made the difference
   */
  public record Alert(
      List<String> started, List<String> resolved, List<String> drifting, Window window) {}

  private DriftMonitor(Builder b) {
    baseline = b.baseline;
    policy = b.policy;
    clock = b.clock;
    bucketMillis = b.bucket.toMillis();
    buckets = b.buckets;
    tumbling = b.tumbling;
    historyLength = b.historyLength;
    listener = b.listener;
    executor = b.executor;
    prediction = find(b.predictionFeature);
    label = find(b.labelFeature);
    int[] all = new int[baseline.width()];
    int n = 0;
    for (int i = 0; i < all.length; i++) {
      if (i != prediction && i != label) {
        all[n++] = i;
      }
    }
    inputs = Arrays.copyOf(all, n);
    persistence = new Persistence(policy, baseline.width());
    stripes = new Stripes(baseline);
    current = Math.floorDiv(clock.millis(), bucketMillis);
  }

  private int find(String name) {
    return baseline.names().indexOf(name);
  }

  /**
   * Starts a monitor.
   *
   * @param baseline what live data are compared with
   * @param policy what counts as drift
   * @param clock tells the time
   * @return a builder
   */
  public static Builder builder(Baseline baseline, DriftPolicy policy, Clock clock) {
    return new Builder(baseline, policy, clock);
  }

  /**
   * Counts one row of features.
   *
   * @param row one value per feature of the baseline in its order, without the prediction and label
   *     features; encoded as for {@link Profile#record(double[])}
   * @throws DriftException if the row has another length
   */
  public void record(double[] row) {
    if (row.length != inputs.length) {
      throw DriftException.invalidInput(
          "a row must have " + inputs.length + " values, got " + row.length);
    }
    roll();
    Profile stripe = stripes.own();
    synchronized (stripe) {
      stripe.record(row, inputs);
    }
  }

  /**
   * Counts one row given by name; features without an entry are missing, those of prediction and
   * label are left to {@link #recordPrediction} and {@link #recordLabel}.
   *
   * @param row numbers or texts by feature name
   * @throws DriftException if a numeric feature gets something that is not a number
   */
  public void record(Map<String, ? extends @Nullable Object> row) {
    roll();
    Profile stripe = stripes.own();
    synchronized (stripe) {
      stripe.record(row, inputs);
    }
  }

  /**
   * Counts one prediction in the baseline's prediction feature, if it has one.
   *
   * @param value the score, or the index of the predicted class in the feature's categories
   */
  public void recordPrediction(double value) {
    recordOne(prediction, value);
  }

  /**
   * Counts one label in the baseline's label feature, if it has one. To follow accuracy, which
   * needs each label joined with its prediction, use {@link PerformanceMonitor}.
   *
   * @param value the label, or its index in the feature's categories
   */
  public void recordLabel(double value) {
    recordOne(label, value);
  }

  private void recordOne(int feature, double value) {
    if (feature >= 0) {
      roll();
      Profile stripe = stripes.own();
      synchronized (stripe) {
        stripe.record(feature, value);
      }
    }
  }

  /** Closes buckets that have ended; call it from a scheduler so that silence is noticed too. */
  public void tick() {
    roll();
  }

  private void roll() {
    long now = Math.floorDiv(clock.millis(), bucketMillis);
    if (now <= current) {
      return;
    }
    List<Runnable> after = new ArrayList<>();
    synchronized (lock) {
      if (now <= current) {
        return;
      }
      Profile closed = stripes.drain();
      long index = current;
      current = now;
      close(new Bucket(index, closed), after);
    }
    after.forEach(executor::execute);
  }

  private void close(Bucket bucket, List<Runnable> after) {
    ring.addLast(bucket);
    trim(bucket.index);
    Instant from = start(bucket.index);
    Instant to = start(bucket.index + 1);
    long rows = bucket.profile.rows();
    boolean due = !tumbling || Math.floorMod(bucket.index + 1, buckets) == 0;
    Profile window = baseline.newProfile();
    for (Bucket part : ring) {
      window.merge(part.profile);
    }
    after.add(() -> guarded(() -> listener.onBucket(from, to, rows)));
    if (due) {
      Instant since = start(bucket.index + 1 - buckets);
      after.add(() -> guarded(() -> evaluate(since, to, window)));
    }
  }

  private void trim(long newest) {
    while (!ring.isEmpty() && ring.getFirst().index <= newest - buckets) {
      ring.removeFirst();
    }
  }

  private Instant start(long index) {
    return Instant.ofEpochMilli(index * bucketMillis);
  }

  private void evaluate(Instant from, Instant to, Profile profile) {
    Window window = new Window(from, to, baseline.compare(profile, policy));
    Alert alert;
    synchronized (lock) {
      last = window;
      List<Double> effects =
          window.report.features().stream().map(f -> f.evidence().effect()).toList();
      push(history, new Point(to, window.report.verdict(), effects), historyLength);
      alert = persistence.add(window);
    }
    guarded(() -> listener.onReport(window));
    if (alert != null) {
      guarded(() -> listener.onAlert(alert));
    }
  }

  private static <T> void push(ArrayDeque<T> queue, T value, int most) {
    queue.addLast(value);
    while (queue.size() > most) {
      queue.removeFirst();
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (failures.getAndIncrement() == 0) {
        LOG.warn("A drift comparison or listener failed; further failures are only counted", e);
      }
    }
  }

  /**
   * Returns the last compared window.
   *
   * @return the window, empty before the first
   */
  public Optional<Window> lastWindow() {
    synchronized (lock) {
      return Optional.ofNullable(last);
    }
  }

  /**
   * Returns the compared windows, oldest first, as far as they are kept.
   *
   * @return at most as many points as the builder was told
   */
  public List<Point> history() {
    synchronized (lock) {
      return List.copyOf(history);
    }
  }

  /**
   * Returns how many comparisons or listeners failed.
   *
   * @return the count since the start
   */
  public long failures() {
    return failures.get();
  }

  /**
   * Returns how many rows are in the bucket that is being filled.
   *
   * @return the number of rows
   */
  public long pendingRows() {
    return stripes.sum().rows();
  }

  /**
   * Returns the memory that the counters take when all buckets are full: 8 bytes for each counter
   * of each stripe, each bucket and the window. Names of unseen categories come on top, at most
   * 1,000 per feature and bucket.
   *
   * @return bytes
   */
  public long memoryBytes() {
    return 8L * baseline.counters() * (stripes.count() + buckets + 1L);
  }

  /**
   * Writes everything counted, including the bucket being filled, so that a restarted service can
   * go on; see {@link Builder#resume(byte[])}. What is recorded after the last stored snapshot is
   * what a crash loses.
   *
   * @return the bytes, versioned and checksummed
   */
  public byte[] snapshot() {
    synchronized (lock) {
      Profile open = stripes.sum();
      List<MonitorBytes.Part> parts = new ArrayList<>();
      ring.forEach(b -> parts.add(new MonitorBytes.Part(b.index, b.profile.toBytes())));
      parts.add(new MonitorBytes.Part(current, open.toBytes()));
      return MonitorBytes.write(new MonitorBytes.State(
          bucketMillis, parts, persistence.recent(), persistence.alerting(), points()));
    }
  }

  private List<MonitorBytes.Past> points() {
    return history.stream()
        .map(p -> new MonitorBytes.Past(
            p.to.toEpochMilli(),
            p.verdict.ordinal(),
            p.effects.stream().mapToDouble(Double::doubleValue).toArray()))
        .toList();
  }

  private void resume(byte[] snapshot) {
    MonitorBytes.State state = MonitorBytes.read(snapshot, baseline.width());
    if (state.bucketMillis() != bucketMillis) {
      throw DriftException.notComparable(
          "the snapshot has buckets of " + state.bucketMillis() + " ms, expected " + bucketMillis);
    }
    List<Bucket> read = new ArrayList<>();
    for (MonitorBytes.Part part : state.parts()) {
      read.add(new Bucket(part.index(), Profile.fromBytes(part.profile(), baseline)));
    }
    synchronized (lock) {
      Bucket open = read.remove(read.size() - 1);
      ring.addAll(read);
      if (open.index == current) {
        Profile stripe = stripes.own();
        synchronized (stripe) {
          stripe.merge(open.profile);
        }
      } else {
        // The bucket ended while the service was down; it counts, but nothing is compared late.
        ring.addLast(open);
      }
      trim(current - 1);
      persistence.resume(state.recent(), state.alerting());
      for (MonitorBytes.Past past : state.history()) {
        List<Double> effects = Arrays.stream(past.effects()).boxed().toList();
        history.addLast(
            new Point(Instant.ofEpochMilli(past.to()), Verdict.values()[past.verdict()], effects));
      }
    }
  }

  /** Collects the settings; {@link #build()} checks them. Not safe for use by several threads. */
  public static final class Builder {
    private final Baseline baseline;
    private final DriftPolicy policy;
    private final Clock clock;
    private Duration bucket = Duration.ofHours(1);
    private int buckets = 1;
    private boolean tumbling;
    private int historyLength = 200;
    private String predictionFeature = "prediction";
    private String labelFeature = "label";
    private Listener listener = new Listener() {};
    private Executor executor = Runnable::run;
    private byte @Nullable [] snapshot;

    private Builder(Baseline baseline, DriftPolicy policy, Clock clock) {
      this.baseline = requireNonNull(baseline, "baseline");
      this.policy = requireNonNull(policy, "policy");
      this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Compares a window after each of its buckets: {@code sliding(6 h, 1 h)} compares the last six
     * hours every hour. One-hour windows if neither this nor {@link #tumbling} is called.
     *
     * @param window length of the window, a multiple of the step
     * @param step length of a bucket
     * @return this
     */
    public Builder sliding(Duration window, Duration step) {
      bucket = requireNonNull(step, "step");
      long ratio = step.toMillis() > 0 ? window.toMillis() / step.toMillis() : 0;
      if (ratio < 1 || ratio > 10_000 || ratio * step.toMillis() != window.toMillis()) {
        throw DriftException.invalidInput(
            "the window must be 1 to 10000 whole steps, got " + window + " and " + step);
      }
      buckets = (int) ratio;
      tumbling = false;
      return this;
    }

    /**
     * Compares windows that do not overlap.
     *
     * @param window length of the window
     * @return this
     */
    public Builder tumbling(Duration window) {
      sliding(window, window);
      tumbling = true;
      return this;
    }

    /**
     * Names the baseline's features that hold predictions and labels; {@code prediction} and
     * {@code label} if not called. A baseline without them is fine.
     *
     * @param prediction the prediction feature
     * @param label the label feature
     * @return this
     */
    public Builder outputs(String prediction, String label) {
      predictionFeature = requireNonNull(prediction, "prediction");
      labelFeature = requireNonNull(label, "label");
      return this;
    }

    /**
     * Sets who is told.
     *
     * @param listener the listener
     * @return this
     */
    public Builder listener(Listener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets where comparisons and listeners run; on the thread that closed the bucket if not called.
     *
     * @param executor runs a few tasks per bucket
     * @return this
     */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Sets how many windows the history keeps; 200 if not called.
     *
     * @param windows from 1 to 10,000
     * @return this
     */
    public Builder history(int windows) {
      historyLength = windows;
      return this;
    }

    /**
     * Goes on from a snapshot.
     *
     * @param snapshot what {@link DriftMonitor#snapshot()} gave
     * @return this
     */
    public Builder resume(byte[] snapshot) {
      this.snapshot = snapshot.clone();
      return this;
    }

    /**
     * Checks the settings and starts counting.
     *
     * @return the monitor
     * @throws DriftException if a setting is out of range, or the snapshot is damaged or belongs to
     *     another baseline or bucket length
     */
    public DriftMonitor build() {
      if (historyLength < 1 || historyLength > 10_000) {
        throw DriftException.invalidInput("history must be from 1 to 10000, got " + historyLength);
      }
      DriftMonitor monitor = new DriftMonitor(this);
      if (snapshot != null) {
        monitor.resume(snapshot);
      }
      return monitor;
    }
  }

  /**
   * Is told what a {@link DriftMonitor} sees; the place for telemetry, paging and storing
   * snapshots. All methods do nothing unless overridden. What they throw is counted and logged
   * once, and never reaches the caller that recorded a row.
   */
  public interface Listener {

    /**
     * A time bucket is complete: the moment to store a {@link DriftMonitor#snapshot()}.
     *
     * @param from start of the bucket
     * @param to end of the bucket
     * @param rows rows counted in it
     */
    default void onBucket(Instant from, Instant to, long rows) {}

    /**
     * A window was compared with the baseline.
     *
     * @param window the window and its report
     */
    default void onReport(DriftMonitor.Window window) {}

    /**
     * Features began or ceased to drift persistently.
     *
     * @param alert the change
     */
    default void onAlert(DriftMonitor.Alert alert) {}
  }
}
