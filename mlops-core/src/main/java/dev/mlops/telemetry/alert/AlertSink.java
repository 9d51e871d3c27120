package dev.mlops.telemetry.alert;

import java.util.List;

/**
 * Where alerts go. Implementations must be safe for use by several threads and must not block: what
 * takes time belongs on a queue. What they throw is logged once and reaches no caller.
 */
@FunctionalInterface
public interface AlertSink extends AutoCloseable {

  /**
   * Takes one alert.
   *
   * @param alert the alert
   */
  void accept(Alert alert);

  /** Delivers what can be delivered soon and frees what is held. Does nothing unless overridden. */
  @Override
  default void close() {}

  /**
   * Returns a sink that writes to the log: firing as a warning, everything else as information.
   *
   * @return the sink
   */
  static AlertSink log() {
    return new LogAlertSink();
  }

  /**
   * Returns a sink that tells several; if one throws, the others are told all the same.
   *
   * @param sinks the sinks, copied
   * @return the sink
   */
  static AlertSink all(AlertSink... sinks) {
    return new CompositeAlertSink(List.of(sinks));
  }
}
