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
      } catch (RuntimeException e) {
        failed(e);
      }
    }
  }

  void each(Consumer<PredictionListener> event) {
    for (PredictionListener listener : all) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        failed(e);
      }
    }
  }

  private void failed(RuntimeException e) {
    failures.increment();
    if (logged.compareAndSet(false, true)) {
      LOG.warn("A prediction listener threw; counted from now on and not logged again", e);
    }
  }
}
