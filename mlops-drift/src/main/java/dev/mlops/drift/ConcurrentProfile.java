package dev.mlops.drift;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Profile} that many threads may record into: each thread has one of several stripes,
 * which are summed when asked. Safe for use by several threads.
 */
public final class ConcurrentProfile {
  private final Profile[] stripes;

  ConcurrentProfile(Baseline baseline) {
    stripes = new Profile[Math.min(16, 2 * Runtime.getRuntime().availableProcessors())];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = baseline.newProfile();
    }
  }

  private Profile stripe() {
    long id = Thread.currentThread().getId();
    return stripes[(int) ((id * 0x9e3779b97f4a7c15L >>> 33) % stripes.length)];
  }

  /**
   * Counts one row; see {@link Profile#record(double[])}.
   *
   * @param row one value per feature
   * @throws DriftException if the row has another length
   */
  public void record(double[] row) {
    Profile stripe = stripe();
    synchronized (stripe) {
      stripe.record(row);
    }
  }

  /**
   * Counts one row given by name; see {@link Profile#record(Map)}.
   *
   * @param row values by feature name
   * @throws DriftException if a numeric feature gets something that is not a number
   */
  public void record(Map<String, ? extends @Nullable Object> row) {
    Profile stripe = stripe();
    synchronized (stripe) {
      stripe.record(row);
    }
  }

  /**
   * Returns what all threads have counted so far.
   *
   * @return an independent profile
   */
  public Profile sum() {
    Profile sum = stripes[0].baseline().newProfile();
    for (Profile stripe : stripes) {
      synchronized (stripe) {
        sum.merge(stripe);
      }
    }
    return sum;
  }
}
