package dev.mlops.telemetry;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The recent past of one model: requests, errors, outcomes, the mix of predicted classes and a
 * latency histogram, over sliding windows. Counts are exact; a window begins on the boundary of a
 * slice at or before the asked moment (slices of 5 s for windows up to {@link #DETAIL}, of 1 min
 * for longer ones up to {@link #HISTORY}). Counting reads the clock once, takes two uncontended
 * atomic additions and allocates nothing once every power of two of the latency has occurred.
 *
 * <p>Safe for use by several threads. Counting never blocks: while another thread begins a new
 * slice or reads, a call may still count into the slice before.
 */
public final class PredictionWindow {

  /** The longest window with latencies. */
  public static final Duration DETAIL = Duration.ofMinutes(10);

  /** The longest window. */
  public static final Duration HISTORY = Duration.ofDays(3);

  /** Of how many classes the mix is kept apart. */
  public static final int MAX_CLASSES = 32;

  /** What the last entry of a mix is called if it holds all classes beyond the limit. */
  public static final String OTHER_CLASSES = "*";

  static final int ERRORS = 0;
  static final int RIGHT = 1;
  static final int WRONG = 2;
  static final int REFUSED = 3;
  static final int FIRST_CLASS = 4;

  private static final long SLICE = Duration.ofSeconds(5).toMillis();
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final ReentrantLock lock = new ReentrantLock();
  private final List<String> classes;
  private final Clock clock;
  private final StripedCounters counters;
  private final CounterHistory slices;
  private final CounterHistory minutes;
  private final LatencyHistory latencies;
  private final long start;
  private volatile long current;

  /**
   * Creates an empty window.
   *
   * @param target what the model predicts
   * @param clock tells the time; a step back counts into the slice that was reached
   */
  public PredictionWindow(Target target, Clock clock) {
    this.classes = classes(target);
    this.clock = requireNonNull(clock, "clock");
    this.start = clock.millis();
    this.current = start / SLICE;
    this.counters = new StripedCounters(FIRST_CLASS + Math.max(1, classes.size()));
    int detail = (int) (DETAIL.toMillis() / SLICE) + 2;
    this.slices = new CounterHistory(counters, detail, current);
    this.latencies = new LatencyHistory(detail, current);
    int history = (int) (HISTORY.toMillis() / MINUTE) + 2;
    this.minutes = new CounterHistory(counters, history, start / MINUTE);
  }

  /**
   * Counts a call that was answered.
   *
   * @param predicted the index of the predicted class, 0 for a quantity
   * @param nanos how long the call took
   */
  public void answered(int predicted, long nanos) {
    roll(clock.millis() / SLICE);
    counters.increment(Math.min(FIRST_CLASS + predicted, counters.width() - 1));
    latencies.record(current, nanos);
  }

  /**
   * Counts a call that failed.
   *
   * @param nanos how long the call took
   */
  public void failed(long nanos) {
    unanswered(ERRORS, nanos);
  }

  /**
   * Counts a call that was refused because its row is wrong, which is no error of the service.
   *
   * @param nanos how long the call took
   */
  public void refused(long nanos) {
    unanswered(REFUSED, nanos);
  }

  private void unanswered(int counter, long nanos) {
    roll(clock.millis() / SLICE);
    counters.increment(counter);
    latencies.record(current, nanos);
  }

  /**
   * Counts a prediction whose truth became known, now rather than when it was made.
   *
   * @param right whether the prediction was right
   */
  public void outcome(boolean right) {
    roll(clock.millis() / SLICE);
    counters.increment(right ? RIGHT : WRONG);
  }

  /**
   * Returns what was counted in a window that ends now.
   *
   * @param window how far to look back, at most {@link #HISTORY}
   * @return the counts
   * @throws InvalidInputException if the window is not positive or too long
   */
  public WindowCounts counts(Duration window) {
    requireWindow(window, HISTORY);
    boolean detailed = window.compareTo(DETAIL) <= 0;
    lock.lock();
    try {
      long now = now();
      long slice = detailed ? SLICE : MINUTE;
      long from = (now - window.toMillis()) / slice;
      long[] growth = (detailed ? slices : minutes).since(from);
      return WindowCounts.of(
          Instant.ofEpochMilli(Math.max(start, from * slice)),
          Instant.ofEpochMilli(now),
          growth,
          classes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns how long the calls took in a window that ends now.
   *
   * @param window how far to look back, at most {@link #DETAIL}
   * @return the latencies
   * @throws InvalidInputException if the window is not positive or too long
   */
  public WindowLatencies latencies(Duration window) {
    requireWindow(window, DETAIL);
    lock.lock();
    try {
      return new WindowLatencies(latencies.since((now() - window.toMillis()) / SLICE));
    } finally {
      lock.unlock();
    }
  }

  /** Returns the time, which never falls behind the current slice, after beginning its slice. */
  private long now() {
    long now = Math.max(clock.millis(), current * SLICE);
    rollLocked(now / SLICE);
    return now;
  }

  private void roll(long slice) {
    if (slice > current && lock.tryLock()) {
      try {
        rollLocked(slice);
      } finally {
        lock.unlock();
      }
    }
  }

  private void rollLocked(long slice) {
    if (slice > current) {
      latencies.roll(slice);
      slices.roll(slice);
      minutes.roll(slice * SLICE / MINUTE);
      current = slice;
    }
  }

  private static List<String> classes(Target target) {
    if (!(target instanceof Target.Classes known)) {
      return List.of();
    }
    if (known.classes().size() <= MAX_CLASSES) {
      return known.classes();
    }
    var kept = new ArrayList<>(known.classes().subList(0, MAX_CLASSES - 1));
    kept.add(OTHER_CLASSES);
    return List.copyOf(kept);
  }

  static Duration requireWindow(Duration window, Duration longest) {
    if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(longest) > 0) {
      throw new InvalidInputException(
          "a window must be between PT1S and " + longest + ", got " + window);
    }
    return window;
  }
}
