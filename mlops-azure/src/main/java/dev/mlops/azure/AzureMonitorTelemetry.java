package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.monitor.opentelemetry.autoconfigure.AzureMonitorAutoConfigure;
import com.azure.monitor.opentelemetry.autoconfigure.AzureMonitorAutoConfigureOptions;
import dev.mlops.azure.internal.ConnectionString;
import dev.mlops.azure.internal.EventNames;
import dev.mlops.azure.internal.HttpClients;
import dev.mlops.azure.internal.IngestionHttpClient;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry whose spans, metrics and logs arrive in Application Insights. Give
 * {@link #openTelemetry()} to whatever emits telemetry. Safe for use by several threads.
 *
 * <p>Telemetry travels to the ingestion endpoint of the connection string, and to where that
 * endpoint redirects, and nowhere else: statistics of the SDK about itself stay here, live metrics
 * are off unless asked for. What cannot be delivered (no connection, 408, 429, 5xx, or what a 206
 * says to send again) is tried again twice, after a quarter and three quarters of a second; then,
 * or after 401 and 403, or when there is no answer within five seconds, all attempts together, it
 * is kept in files under the temporary directory (at most 50 MB, at most two days) and sent from
 * there, one file every 30 seconds, also by the next process. Delivery is at least once: an answer
 * that is lost on its way back makes the exporter send again.
 */
public final class AzureMonitorTelemetry implements AutoCloseable {
  private final OpenTelemetrySdk sdk;
  private final IngestionHttpClient http;
  private final Logger events;
  private final Duration closeTimeout;
  private final AtomicBoolean closed = new AtomicBoolean();

  private AzureMonitorTelemetry(Builder builder) {
    ConnectionString connection = ConnectionString.parse(
        requireNonNull(builder.connectionString, "connectionString is required"));
    HttpClient sending = builder.httpClient != null
        ? builder.httpClient
        : HttpClients.create(Duration.ofSeconds(5), Duration.ofSeconds(5));
    var endpoints = builder.liveMetrics
        ? Set.of(connection.ingestionEndpoint(), connection.liveEndpoint())
        : Set.of(connection.ingestionEndpoint());
    this.http = new IngestionHttpClient(sending, connection.instrumentationKey(), endpoints);
    this.closeTimeout = builder.closeTimeout;

    var options = new AzureMonitorAutoConfigureOptions()
        .connectionString(connection.text())
        .httpClient(http);
    if (builder.credential != null) {
      options.credential(builder.credential);
    }
    var configured = AutoConfiguredOpenTelemetrySdk.builder()
        .addPropertiesSupplier(() -> Map.copyOf(builder.properties))
        .addLoggerProviderCustomizer(
            (logs, properties) -> logs.addLogRecordProcessorFirst(new EventNames()));
    AzureMonitorAutoConfigure.customize(configured, options);
    this.sdk = configured.disableShutdownHook().build().getOpenTelemetrySdk();
    this.events = sdk.getLogsBridge().get("dev.mlops.azure");
  }

  /**
   * Starts to describe telemetry.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The OpenTelemetry to emit through; valid until {@link #close()}.
   *
   * @return the instance; it is not registered as the global one
   */
  public OpenTelemetry openTelemetry() {
    return sdk;
  }

  /**
   * Emits a row of {@code customEvents}, as every log record with an event name becomes one. Never
   * throws because of the network.
   *
   * @param name the event's name
   * @param properties its {@code customDimensions}; no feature values and no user ids belong here
   */
  public void event(String name, Map<String, String> properties) {
    var attributes = Attributes.builder();
    properties.forEach(attributes::put);
    events
        .logRecordBuilder()
        .setEventName(requireNonNull(name, "name"))
        .setAllAttributes(attributes.build())
        .emit();
  }

  /**
   * Sends what is waiting.
   *
   * @param timeout how long to wait at most
   * @return whether everything was delivered, or put aside on disk to be sent later, in time
   */
  public boolean flush(Duration timeout) {
    var pending = CompletableResultCode.ofAll(List.of(
        sdk.getSdkTracerProvider().forceFlush(),
        sdk.getSdkMeterProvider().forceFlush(),
        sdk.getSdkLoggerProvider().forceFlush()));
    return pending.join(timeout.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
  }

  /**
   * Requests that were meant for another host or another instrumentation key and never left.
   *
   * @return the number so far
   */
  public long requestsKeptHere() {
    return http.answeredHere();
  }

  /**
   * Items the endpoint refused for good (a 206 says so of single ones). They are lost; each time is
   * logged with the statuses.
   *
   * @return the number so far
   */
  public long itemsRefused() {
    return http.refused();
  }

  /**
   * Sends what is waiting, or puts it aside on disk, and stops. Later telemetry is ignored. What is
   * not sent in half of the time is put aside.
   *
   * @param timeout how long to wait at most
   * @return whether everything was delivered or put aside in time; true if this was closed before
   */
  public boolean close(Duration timeout) {
    if (!closed.compareAndSet(false, true)) {
      return true;
    }
    http.stopSendingAfter(timeout.dividedBy(2));
    return sdk.shutdown().join(timeout.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
  }

  /** Closes within the close timeout. */
  @Override
  public void close() {
    close(closeTimeout);
  }

  @Override
  public String toString() {
    return "AzureMonitorTelemetry[keptHere=" + requestsKeptHere() + "]";
  }

  /** Describes telemetry. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, String> properties = new HashMap<>();
    private @Nullable String connectionString;
    private @Nullable TokenCredential credential;
    private @Nullable HttpClient httpClient;
    private boolean liveMetrics;
    private Duration closeTimeout = Duration.ofSeconds(10);

    private Builder() {
      properties.put("applicationinsights.live.metrics.enabled", "false");
      properties.put("otel.service.name", "mlops");
    }

    /**
     * Sets where telemetry goes; required.
     *
     * @param value the connection string of the Application Insights resource
     * @return this
     */
    public Builder connectionString(String value) {
      connectionString = requireNonNull(value, "connectionString");
      return this;
    }

    /**
     * Sets an identity for ingestion that refuses anonymous telemetry.
     *
     * @param value the credential
     * @return this
     */
    public Builder credential(TokenCredential value) {
      credential = requireNonNull(value, "credential");
      return this;
    }

    /**
     * Sets the role name that telemetry carries; {@code mlops} by default.
     *
     * @param value the name of the service
     * @return this
     */
    public Builder serviceName(String value) {
      properties.put("otel.service.name", requireNonNull(value, "serviceName"));
      return this;
    }

    /**
     * Sets the share of traces that is kept; 1 by default.
     *
     * @param ratio from 0 to 1
     * @return this
     */
    public Builder traceRatio(double ratio) {
      if (!(ratio >= 0 && ratio <= 1)) {
        throw new IllegalArgumentException("traceRatio must be from 0 to 1, got " + ratio);
      }
      properties.put("otel.traces.sampler", "parentbased_traceidratio");
      properties.put("otel.traces.sampler.arg", Double.toString(ratio));
      return this;
    }

    /**
     * Sets how often metrics are sent; a minute by default.
     *
     * @param every the interval
     * @return this
     */
    public Builder metricInterval(Duration every) {
      properties.put("otel.metric.export.interval", Long.toString(every.toMillis()));
      return this;
    }

    /**
     * Turns the live metrics stream on, which polls the live endpoint every second; off by default.
     *
     * @param on whether to stream
     * @return this
     */
    public Builder liveMetrics(boolean on) {
      liveMetrics = on;
      properties.put("applicationinsights.live.metrics.enabled", Boolean.toString(on));
      return this;
    }

    /**
     * Sets how long {@link AzureMonitorTelemetry#close()} waits; 10 seconds by default.
     *
     * @param value the timeout
     * @return this
     */
    public Builder closeTimeout(Duration value) {
      closeTimeout = requireNonNull(value, "closeTimeout");
      return this;
    }

    /**
     * Sets any other property of OpenTelemetry's autoconfiguration.
     *
     * @param name such as {@code otel.resource.attributes}
     * @param value its value
     * @return this
     */
    public Builder property(String name, String value) {
      properties.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return this;
    }

    /**
     * Sets the HTTP client; one on the JDK's by default.
     *
     * @param value the client
     * @return this
     */
    public Builder httpClient(HttpClient value) {
      httpClient = requireNonNull(value, "httpClient");
      return this;
    }

    /**
     * Starts the exporter.
     *
     * @return telemetry that is on
     * @throws dev.mlops.error.InvalidInputException if the connection string is not one
     */
    public AzureMonitorTelemetry build() {
      return new AzureMonitorTelemetry(this);
    }
  }
}
