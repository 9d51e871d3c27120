package dev.mlops.serving;

import dev.mlops.model.Predictor;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One loaded version and who is reading it.
 *
 * A reader enters, looks whether the version is still the current one, and otherwise leaves and
 * takes the new one. So once another version has been made current, no reader that comes later uses
 * this one, and each counter can only fall to 0. Whoever then finds all counters at 0, the last
 * reader or the swap itself, closes the model; a flag sees to it that this happens once. Counters
 * are striped by thread and a cache line apart, so that readers do not meet.
 */
/** A version in memory. Safe for use by several threads. */
final class LoadedModel {
  private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);
  private static final int SPACING = 16;
  private static final int STRIPES =
      Integer.highestOneBit(Math.max(4, 8 * Runtime.getRuntime().availableProcessors() - 1));

  final ServedModel served;
  final Predictor predictor;
  final Instant since;
  final String description;
  private final AtomicIntegerArray readers = new AtomicIntegerArray(STRIPES * SPACING);
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean retired;

  LoadedModel(ServedModel served, Predictor predictor, Instant since, String description) {
    this.served = served;
    this.predictor = predictor;
    this.since = since;
    this.description = description;
  }

  static int stripe() {
    return ((int) Thread.currentThread().getId() & (STRIPES - 1)) * SPACING;
  }

  void enter(int stripe) {
    readers.getAndIncrement(stripe);
  }

  void leave(int stripe) {
    readers.getAndDecrement(stripe);
    if (retired) {
      closeIfUnused();
    }
  }

  /** Called once, after another version has been made current. */
  void retire() {
    retired = true;
    closeIfUnused();
  }

  private void closeIfUnused() {
    for (int i = 0; i < readers.length(); i += SPACING) {
      if (readers.get(i) != 0) {
        return;
      }
    }
    if (closed.compareAndSet(false, true)) {
      close();
    }
  }

  /** Runs at the end of somebody's request, which must not fail for it. */
  private void close() {
    try {
      predictor.close();
    } catch (RuntimeException | Error e) {
      LOG.warn("{} could not be closed", served, e);
    }
  }
}
