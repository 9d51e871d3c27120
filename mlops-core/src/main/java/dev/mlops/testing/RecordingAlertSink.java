package dev.mlops.testing;

import static java.util.Objects.requireNonNull;

import dev.mlops.telemetry.alert.Alert;
import dev.mlops.telemetry.alert.AlertSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps every alert in memory. Stricter than a real sink: after {@link #close()} and on an alert it
 * was told before it throws. Safe for use by several threads.
 */
public final class RecordingAlertSink implements AlertSink {
  private final CopyOnWriteArrayList<Alert> alerts = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** Creates a sink that was told nothing. */
  public RecordingAlertSink() {}

  @Override
  public void accept(Alert alert) {
    requireNonNull(alert, "alert");
    if (closed) {
      throw new IllegalStateException("the sink is closed, got " + alert);
    }
    if (alerts.stream().anyMatch(told -> told.id().equals(alert.id()))) {
      throw new IllegalStateException("told twice: " + alert);
    }
    alerts.add(alert);
  }

  /**
   * Returns what was told.
   *
   * @return the alerts in order, a copy
   */
  public List<Alert> alerts() {
    return List.copyOf(alerts);
  }

  @Override
  public void close() {
    closed = true;
  }
}
