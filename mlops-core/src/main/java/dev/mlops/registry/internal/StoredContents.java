package dev.mlops.registry.internal;

import dev.mlops.error.UnavailableException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/*
 * Garbage collection relies on this: whoever commits an event stored the contents that it uses, or
 * found them stored, at most 30 minutes before. The time counts from before the first content is
 * looked for, not from after the last one was stored.
 */

/** Contents stored for an event that is to follow. Not safe for use by several threads. */
final class StoredContents {
  static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(30);

  private final LongSupplier nanoTime;
  private final Runnable storing;
  private long since;

  StoredContents(LongSupplier nanoTime, Runnable storing) {
    this.nanoTime = nanoTime;
    this.storing = storing;
  }

  /** Stores the contents. */
  void store() {
    since = nanoTime.getAsLong();
    storing.run();
  }

  /** Call right before the commit: stores the contents again if that was too long ago. */
  void refresh() {
    if (isLate()) {
      store();
      if (isLate()) {
        throw new UnavailableException("looking through contents that are stored took longer than "
            + TimeUnit.NANOSECONDS.toMinutes(FRESH_NANOS)
            + " minutes; they might be collected meanwhile, so nothing refers to them");
      }
    }
  }

  private boolean isLate() {
    return nanoTime.getAsLong() - since > FRESH_NANOS;
  }
}
