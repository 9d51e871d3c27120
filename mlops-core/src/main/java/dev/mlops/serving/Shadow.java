package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Asks a second model what the first was asked, on another thread and without any effect on the
 * answer. Add it to the first model as a listener. The queue is bounded: when the second model
 * cannot keep up, rows are dropped and counted. Safe for use by several threads.
 */
public final class Shadow implements PredictionListener {

  /** Hears what both models said about a row, on the shadow's thread. */
  @FunctionalInterface
  public interface Comparison {
    /**
     * Both models answered.
     *
     * @param served what the client was given
     * @param shadow what the second model says
     */
    void compared(Prediction served, Prediction shadow);
  }

  private record Asked(double[] row, Prediction served) {}

  private final LiveModel model;
  private final Comparison comparison;
  private final Executor executor;
  private final ArrayBlockingQueue<Asked> queue;
  private final AtomicBoolean draining = new AtomicBoolean();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder compared = new LongAdder();

  private Shadow(LiveModel model, Comparison comparison, Executor executor, int capacity) {
    this.model = requireNonNull(model, "model");
    this.comparison = requireNonNull(comparison, "comparison");
    this.executor = requireNonNull(executor, "executor");
    if (capacity < 1) {
      throw new InvalidInputException("a shadow's queue needs a capacity >= 1, got " + capacity);
    }
    this.queue = new ArrayBlockingQueue<>(capacity);
  }

  /**
   * Mirrors requests to a model.
   *
   * @param model the second model
   * @param comparison hears both answers; what it throws is counted
   * @param executor runs the second model, one task at a time
   * @param capacity how many rows may wait
   * @return a listener for the first model
   */
  public static Shadow of(LiveModel model, Comparison comparison, Executor executor, int capacity) {
    return new Shadow(model, comparison, executor, capacity);
  }

  @Override
  public void predicted(ServedModel served, double[] row, double[] scores, long nanos) {
    if (queue.remainingCapacity() == 0
        || !queue.offer(new Asked(row.clone(), new Prediction(served, scores)))) {
      dropped.increment();
      return;
    }
    startDraining();
  }

  private void startDraining() {
    if (!draining.get() && draining.compareAndSet(false, true)) {
      try {
        executor.execute(this::drain);
      } catch (RuntimeException | Error e) { // refused, or no thread to be had
        draining.set(false);
        dropped.add(queue.size());
        queue.clear();
      }
    }
  }

  private void drain() {
    Asked asked;
    while ((asked = queue.poll()) != null) {
      try {
        comparison.compared(asked.served, model.predict(asked.row));
        compared.increment();
      } catch (RuntimeException | Error e) {
        failed.increment();
      }
    }
    draining.set(false);
    if (!queue.isEmpty()) { // a row came between the last poll and the flag
      startDraining();
    }
  }

  /**
   * Counts rows that both models have answered.
   *
   * @return the number of comparisons
   */
  public long compared() {
    return compared.sum();
  }

  /**
   * Counts rows that did not fit the queue or that the executor refused.
   *
   * @return the number of rows never asked
   */
  public long dropped() {
    return dropped.sum();
  }

  /**
   * Counts rows on which the second model or the comparison threw.
   *
   * @return the number of failures
   */
  public long failed() {
    return failed.sum();
  }
}
