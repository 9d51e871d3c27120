package dev.mlops.telemetry.alert;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

final class CompositeAlertSink implements AlertSink {
  private final List<AlertSink> sinks;

  CompositeAlertSink(List<AlertSink> sinks) {
    this.sinks = sinks;
  }

  @Override
  public void accept(Alert alert) {
    each(sink -> sink.accept(alert));
  }

  @Override
  public void close() {
    each(AlertSink::close);
  }

  private void each(Consumer<AlertSink> action) {
    Throwable failure = null;
    for (AlertSink sink : sinks) {
      try {
        action.accept(sink);
      } catch (RuntimeException | Error e) {
        failure = joined(failure, e);
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static Throwable joined(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }
}
