package dev.mlops.tracking.internal;

import dev.mlops.error.ConflictException;
import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Writes objects that nobody else writes, repeating a write whose outcome is unknown. */
final class SingleWriter {
  private static final int TRIES = 5;

  private SingleWriter() {}

  static void put(ObjectStore store, String key, byte[] content) {
    for (int left = TRIES; ; left--) {
      try {
        if (store.putIfAbsent(key, content)
            || Arrays.equals(store.get(key).orElse(new byte[0]), content)) {
          return;
        }
        throw new ConflictException(key + " was written by somebody else with other content");
      } catch (UnavailableException e) {
        if (left <= 1) {
          throw e;
        }
        pause(TRIES - left);
      }
    }
  }

  private static void pause(int before) {
    try {
      TimeUnit.MILLISECONDS.sleep(5L << before);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for the store", e);
    }
  }
}
