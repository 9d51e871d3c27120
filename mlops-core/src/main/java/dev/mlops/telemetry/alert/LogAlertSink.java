package dev.mlops.telemetry.alert;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LogAlertSink implements AlertSink {
  private static final Logger LOG = LoggerFactory.getLogger(AlertSink.class);
  private static final String FORMAT = "{} {} for model {} ({}): {}; measured {}, limit {}";

  @Override
  public void accept(Alert alert) {
    Object[] arguments = {
      alert.rule(),
      alert.state(),
      alert.model(),
      alert.severity().label(),
      alert.summary(),
      alert.value(),
      alert.threshold()
    };
    if (alert.state() == AlertState.FIRING) {
      LOG.warn(FORMAT, arguments);
    } else {
      LOG.info(FORMAT, arguments);
    }
  }
}
