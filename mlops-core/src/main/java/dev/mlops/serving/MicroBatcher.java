package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Collects rows of many callers and scores them together, when enough have come or the first of
 * them has waited long enough. Worth it for models whose batches are cheaper per row, such as those
 * of a native library; compiled models are as fast one by one. Safe for use by several threads.
 */
public final class MicroBatcher implements AutoCloseable {

  private record Waiting(double[] row, CompletableFuture<Prediction> answer) {}

  private final LiveModel model;
  private final int maxRows;
  private final long maxDelayNanos;
  private final ScheduledExecutorService executor;
  private final Object lock = new Object();
  private List<Waiting> batch = new ArrayList<>();
  private boolean closed;

  private MicroBatcher(
      LiveModel model, int maxRows, Duration maxDelay, ScheduledExecutorService executor) {
    this.model = requireNonNull(model, "model");
    this.executor = requireNonNull(executor, "executor");
    if (maxRows < 1) {
      throw new InvalidInputException("a batch needs at least 1 row, got " + maxRows);
    }
    if (maxDelay.isNegative()) {
      throw new InvalidInputException("the longest delay must be >= 0, got " + maxDelay);
    }
    this.maxRows = maxRows;
    this.maxDelayNanos = maxDelay.toNanos();
  }

  /**
   * Creates a batcher.
   *
   * @param model the model to ask
   * @param maxRows the largest batch
   * @param maxDelay the longest that a row waits for others
   * @param executor measures the delay and runs the batches; not shut down by the batcher
   * @return the batcher
   */
  public static MicroBatcher of(
      LiveModel model, int maxRows, Duration maxDelay, ScheduledExecutorService executor) {
    return new MicroBatcher(model, maxRows, maxDelay, executor);
  }

  /**
   * Asks for a prediction.
   *
   * @param row one value per feature in schema order; copied
   * @return the prediction, or the failure of this row alone
   * @throws UnavailableException if the batcher is closed
   */
  public CompletableFuture<Prediction> predict(double[] row) {
    var waiting = new Waiting(row.clone(), new CompletableFuture<>());
    List<Waiting> full = List.of();
    List<Waiting> started = List.of();
    synchronized (lock) {
      if (closed) {
        throw new UnavailableException("the batcher of " + model + " is closed");
      }
      batch.add(waiting);
      if (batch.size() == maxRows) {
        full = take();
      } else if (batch.size() == 1) {
        started = batch;
      }
    }
    if (!full.isEmpty()) {
      submit(full);
    } else if (!started.isEmpty()) {
      flushLater(started);
    }
    return waiting.answer;
  }

  private void flushLater(List<Waiting> started) {
    try {
      executor.schedule(() -> flush(started), maxDelayNanos, TimeUnit.NANOSECONDS);
    } catch (RuntimeException | Error e) {
      flush(started);
    }
  }

  private List<Waiting> take() {
    List<Waiting> taken = batch;
    batch = new ArrayList<>();
    return taken;
  }

  /** Runs a batch unless it has filled up and run already. */
  private void flush(List<Waiting> started) {
    synchronized (lock) {
      if (batch != started) {
        return;
      }
      take();
    }
    run(started);
  }

  private void submit(List<Waiting> full) {
    try {
      executor.execute(() -> run(full));
    } catch (RuntimeException | Error e) {
      run(full);
    }
  }

  private void run(List<Waiting> rows) {
    if (rows.isEmpty()) {
      return;
    }
    try {
      List<Prediction> predictions =
          model.predictTogether(rows.stream().map(Waiting::row).toArray(double[][]::new));
      for (int i = 0; i < rows.size(); i++) {
        rows.get(i).answer.complete(predictions.get(i));
      }
    } catch (RuntimeException | Error e) {
      rows.forEach(this::runAlone); // one bad row must not fail its neighbours
    }
  }

  private void runAlone(Waiting waiting) {
    try {
      waiting.answer.complete(model.predict(waiting.row));
    } catch (RuntimeException | Error e) {
      waiting.answer.completeExceptionally(e);
    }
  }

  /** Answers what waits and refuses what comes later. */
  @Override
  public void close() {
    List<Waiting> last;
    synchronized (lock) {
      closed = true;
      last = take();
    }
    run(last);
  }
}
