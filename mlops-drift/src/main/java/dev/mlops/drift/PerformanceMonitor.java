package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.Texts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins predictions with labels that arrive later and says when accuracy has dropped from the
 * registered value by more than allowed, beyond chance.
 *
 * <p>The last {@code window} joined rows are kept as bits; predictions wait for their label at most
 * {@code labelTimeout}, at most {@code maxPending} of them, the oldest going first. The alert fires
 * when the accuracy over the window is below the registered one by more than the allowed drop, by
 * default only if chance is ruled out (see {@link Builder#certain(boolean)}), and again, with
 * {@code firing} false, when it has come back to within half the allowed drop.
 *
 * <p>Safe for use by several threads.
 */
public final class PerformanceMonitor {
  private static final double Z = 1.6448536269514722;

  private final Object lock = new Object();
  private final Clock clock;
  private final double registered;
  private final double maxDrop;
  private final int window;
  private final int minLabels;
  private final int maxPending;
  private final boolean certain;
  private final Duration labelTimeout;
  private final Consumer<Alert> onAlert;
  private final LinkedHashMap<String, Pending> pending = new LinkedHashMap<>();
  private final ArrayDeque<Boolean> joined = new ArrayDeque<>();
  private int correct;
  private boolean alerting;
  private long expired;
  private long unmatched;

  private record Pending(int predicted, Instant at) {}

  /**
   * Accuracy fell too far, or came back.
   *
   * @param firing true when it fell, false when it recovered
   * @param registeredAccuracy the accuracy promised
   * @param accuracy the accuracy realised over the window
   * @param labels how many labelled rows it rests on
   * @param at when it was noticed
   * @param message one sentence with the numbers
   */
  public record Alert(
      boolean firing,
      double registeredAccuracy,
      double accuracy,
      int labels,
      Instant at,
      String message) {}

  /**
   * What is known now.
   *
   * @param accuracy accuracy over the window, empty below the minimum number of labels
   * @param labels labelled rows in the window
   * @param pending predictions waiting for a label
   * @param expired predictions whose label never came
   * @param unmatched labels without a waiting prediction
   * @param firing whether the alert is firing
   */
  public record State(
      Optional<Double> accuracy,
      int labels,
      int pending,
      long expired,
      long unmatched,
      boolean firing) {}

  private PerformanceMonitor(Builder b) {
    clock = b.clock;
    registered = b.registered;
    maxDrop = b.maxDrop;
    window = b.window;
    minLabels = b.minLabels;
    maxPending = b.maxPending;
    labelTimeout = b.labelTimeout;
    certain = b.certain;
    onAlert = b.onAlert;
  }

  /**
   * Starts a monitor.
   *
   * @param registeredAccuracy the accuracy the model was registered with, from 0 to 1
   * @param clock tells the time
   * @return a builder
   */
  public static Builder builder(double registeredAccuracy, Clock clock) {
    return new Builder(registeredAccuracy, clock);
  }

  /**
   * Remembers a prediction until its label arrives.
   *
   * @param id joins it with its label; a repeated id replaces the earlier prediction
   * @param predictedLabel the predicted class
   */
  public void recordPrediction(String id, int predictedLabel) {
    requireNonNull(id, "id");
    synchronized (lock) {
      Instant now = clock.instant();
      pending.remove(id);
      pending.put(id, new Pending(predictedLabel, now));
      expire(now);
    }
  }

  /**
   * Takes the true label of an earlier prediction; unknown ids are counted and ignored.
   *
   * @param id the id of the prediction
   * @param label the true class
   */
  public void recordLabel(String id, int label) {
    requireNonNull(id, "id");
    Alert alert;
    synchronized (lock) {
      Instant now = clock.instant();
      expire(now);
      Pending prediction = pending.remove(id);
      if (prediction == null) {
        unmatched++;
        return;
      }
      boolean right = prediction.predicted == label;
      joined.addLast(right);
      correct += right ? 1 : 0;
      if (joined.size() > window) {
        correct -= joined.removeFirst() ? 1 : 0;
      }
      alert = evaluate(now);
    }
    // Outside the lock, so that a listener may call back.
    if (alert != null) {
      onAlert.accept(alert);
    }
  }

  private void expire(Instant now) {
    Instant oldest = now.minus(labelTimeout);
    for (Iterator<Map.Entry<String, Pending>> i = pending.entrySet().iterator(); i.hasNext(); ) {
      Pending prediction = i.next().getValue();
      if (pending.size() <= maxPending && !prediction.at.isBefore(oldest)) {
        return;
      }
      i.remove();
      expired++;
    }
  }

  private @Nullable Alert evaluate(Instant now) {
    int n = joined.size();
    if (n < minLabels) {
      return null;
    }
    double accuracy = (double) correct / n;
    double judged = certain ? wilsonUpper(accuracy, n) : accuracy;
    // Firing ends halfway back, or one row more or less at the limit would make it flap.
    boolean dropped =
        alerting ? accuracy < registered - maxDrop / 2 : judged < registered - maxDrop;
    if (dropped == alerting) {
      return null;
    }
    alerting = dropped;
    String message = Texts.format(
        "accuracy over the last %d labels is %.4f, registered %.4f, allowed drop %.4f",
        n, accuracy, registered, maxDrop);
    return new Alert(dropped, registered, accuracy, n, now, message);
  }

  private static double wilsonUpper(double share, int n) {
    double z2 = Z * Z / n;
    return (share + z2 / 2 + Z * Math.sqrt(share * (1 - share) / n + z2 / (4 * n))) / (1 + z2);
  }

  /**
   * Returns what is known now.
   *
   * @return the state
   */
  public State state() {
    synchronized (lock) {
      int n = joined.size();
      return new State(
          n < minLabels ? Optional.empty() : Optional.of((double) correct / n),
          n,
          pending.size(),
          expired,
          unmatched,
          alerting);
    }
  }

  /** Collects the settings; {@link #build()} checks them. Not safe for use by several threads. */
  public static final class Builder {
    private final double registered;
    private final Clock clock;
    private double maxDrop = 0.05;
    private int window = 1000;
    private int minLabels = 100;
    private int maxPending = 100_000;
    private boolean certain = true;
    private Duration labelTimeout = Duration.ofDays(30);
    private Consumer<Alert> onAlert = alert -> {};

    private Builder(double registered, Clock clock) {
      this.registered = registered;
      this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Sets the drop beyond which the alert fires; 0.05 if not called.
     *
     * @param drop in points of accuracy, from 0 to 1
     * @return this
     */
    public Builder maxDrop(double drop) {
      maxDrop = drop;
      return this;
    }

    /**
     * Sets how many labelled rows are looked at; 1,000 if not called.
     *
     * @param rows at least 1
     * @param least how many must be there before anything is said
     * @return this
     */
    public Builder window(int rows, int least) {
      window = rows;
      minLabels = least;
      return this;
    }

    /**
     * Sets how long and how many predictions wait for a label; 30 days and 100,000 if not called.
     *
     * @param timeout the longest wait
     * @param most the largest number
     * @return this
     */
    public Builder pending(Duration timeout, int most) {
      labelTimeout = requireNonNull(timeout, "timeout");
      maxPending = most;
      return this;
    }

    /**
     * Chooses whether chance is ruled out: if true, which is the default, even the upper end of the
     * one-sided 95 % Wilson interval must lie below the limit; if false the plain accuracy must.
     *
     * @param certain whether to rule out chance
     * @return this
     */
    public Builder certain(boolean certain) {
      this.certain = certain;
      return this;
    }

    /**
     * Sets who is told, on the thread that brought the label.
     *
     * @param listener takes firing and recovery
     * @return this
     */
    public Builder onAlert(Consumer<Alert> listener) {
      onAlert = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Checks the settings.
     *
     * @return the monitor
     * @throws DriftException if a setting is out of range
     */
    public PerformanceMonitor build() {
      if (!(registered >= 0 && registered <= 1) || !(maxDrop >= 0 && maxDrop <= 1)) {
        throw DriftException.invalidInput(
            "accuracy and drop must be from 0 to 1, got " + registered + " and " + maxDrop);
      }
      if (window < 1 || minLabels < 1 || minLabels > window || maxPending < 1) {
        throw DriftException.invalidInput(
            "expected 1 <= least <= window and room for a prediction, got " + minLabels + ", "
                + window + ", " + maxPending);
      }
      return new PerformanceMonitor(this);
    }
  }
}
