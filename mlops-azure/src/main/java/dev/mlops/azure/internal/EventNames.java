package dev.mlops.azure.internal;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;

/**
 * Makes OpenTelemetry's events, log records with an event name, rows of {@code customEvents}: the
 * exporter knows those by an attribute only. Safe for use by several threads.
 */
public final class EventNames implements LogRecordProcessor {
  private static final AttributeKey<String> CUSTOM_EVENT =
      AttributeKey.stringKey("microsoft.custom_event.name");

  @Override
  public void onEmit(Context context, ReadWriteLogRecord log) {
    String name = log.getEventName();
    if (name != null && log.getAttribute(CUSTOM_EVENT) == null) {
      log.setAttribute(CUSTOM_EVENT, name);
    }
  }
}
