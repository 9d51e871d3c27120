package dev.mlops.serving;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners, and keeps what they throw away from the caller: counted, and logged once. Safe
 * for use by several threads.
 */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);

  private final PredictionListener[] all;
  private final LongAdder failures = new LongAdder();
  private final AtomicBoolean logged = new AtomicBoolean();

  Listeners(List<PredictionListener> listeners) {
    this.all = listeners.toArray(PredictionListener[]::new);
  }

  boolean none() {
    return all.length == 0;
  }

  long failures() {
    return failures.sum();
  }

  void predicted(ServedModel model, double[] row, double[] scores, long nanos) {
    for (PredictionListener listener : all) {
      try {
        listener.predicted(model, row, scores, nanos);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  void each(Consumer<PredictionListener> event) {
    for (PredictionListener listener : all) {
      try {
        event.accept(listener);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }
  }

  /** Names the class and the place only: the message may hold a value of the row it was shown. */
  private void failed(Throwable e) {
    failures.increment();
    if (logged.compareAndSet(false, true)) {
      StackTraceElement[] trace = e.getStackTrace();
      LOG.warn(
          "A prediction listener threw {} at {}; counted from now on and not logged again",
          e.getClass().getName(),
          trace.length == 0 ? "an unknown place" : trace[0]);
    }
  }
}
