package dev.mlops.drift;

import java.time.Instant;

/**
 * Is told what a {@link DriftMonitor} sees; the place for telemetry, paging and storing snapshots.
 * All methods do nothing unless overridden. What they throw is counted and logged once, and never
 * reaches the caller that recorded a row.
 */
public interface DriftListener {

  /**
   * A time bucket is complete: the moment to store a {@link DriftMonitor#snapshot()}.
   *
   * @param from start of the bucket
   * @param to end of the bucket
   * @param rows rows counted in it
   */
  default void onBucket(Instant from, Instant to, long rows) {}

  /**
   * A window was compared with the baseline.
   *
   * @param window the window and its report
   */
  default void onReport(DriftMonitor.Window window) {}

  /**
   * Features began or ceased to drift persistently.
   *
   * @param alert the change
   */
  default void onAlert(DriftMonitor.Alert alert) {}
}
