package dev.mlops.registry.internal;

import dev.mlops.error.UnavailableException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits a jittered, doubling time between tries, so that writers do not meet again. */
final class Backoff {
  private static final long FIRST_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final long LAST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  /** How often an unavailable store is tried before the caller hears of it. */
  static final int TRIES = 10;

  private int count;

  /** Waits; at most 200 ms. */
  void pause() {
    long bound = Math.min(LAST_NANOS, FIRST_NANOS << Math.min(count++, 20));
    try {
      TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(bound / 2, bound + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for the store", e);
    }
  }

  /** Repeats an idempotent call while the store is unavailable. */
  static <T> T retry(Supplier<T> call) {
    var backoff = new Backoff();
    for (int left = TRIES; ; left--) {
      try {
        return call.get();
      } catch (UnavailableException e) {
        if (left <= 1 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        backoff.pause();
      }
    }
  }
}
