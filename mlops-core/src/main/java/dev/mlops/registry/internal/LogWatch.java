package dev.mlops.registry.internal;

import dev.mlops.registry.RegistryEvent;
import dev.mlops.registry.Watch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows one log. Safe for use by several threads. */
final class LogWatch implements Watch {
  private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);

  private final ModelLog log;
  private final Consumer<RegistryEvent> listener;
  private final Object lock = new Object();
  // Guarded by lock:
  private int told;
  private boolean closed;
  private boolean failing;
  private @Nullable ScheduledFuture<?> schedule;

  LogWatch(ModelLog log, Consumer<RegistryEvent> listener) {
    this.log = log;
    this.listener = listener;
    this.told = (int) log.current().seq();
  }

  LogWatch every(Duration interval, ScheduledExecutorService executor) {
    synchronized (lock) {
      schedule = executor.scheduleWithFixedDelay(
          this::pollQuietly, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }
    return this;
  }

  /** A schedule ends with the first exception, so none may leave. */
  private void pollQuietly() {
    try {
      poll();
      synchronized (lock) {
        failing = false;
      }
    } catch (RuntimeException e) {
      boolean first;
      synchronized (lock) {
        first = !failing;
        failing = true;
      }
      if (first) {
        LOG.warn("watching {} fails; it is tried again and again", log, e);
      }
    }
  }

  @Override
  public int poll() {
    synchronized (lock) {
      int before = told;
      if (!closed && log.current().seq() > told) {
        List<RegistryEvent> events = log.events();
        while (told < events.size() && !closed) {
          listener.accept(events.get(told));
          told++;
        }
      }
      return told - before;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (schedule != null) {
        schedule.cancel(false);
      }
    }
  }
}
