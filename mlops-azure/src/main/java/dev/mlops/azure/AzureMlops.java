package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.TokenCredential;
import dev.mlops.abtest.AssignmentStore;
import dev.mlops.abtest.EventSink;
import dev.mlops.azure.internal.Part;
import dev.mlops.error.InvalidInputException;
import dev.mlops.secret.SecretSource;
import dev.mlops.store.ObjectStore;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every adapter of this module from one credential and one set of settings. A part is opened when
 * it is first asked for; a part that lacks settings says which when it is asked for. Any part can
 * be replaced by one of the application's own, which the application closes. Safe for use by
 * several threads.
 *
 * <pre>{@code
 * try (AzureMlops azure = AzureMlops.fromEnvironment()) {
 *   ModelRegistry registry = ModelRegistry.builder(azure.objectStore()).build();
 *   ...
 * }
 * }</pre>
 *
 * <p>Settings, by the names of the environment variables: {@code AZURE_KEYVAULT_URL};
 * {@code AZURE_STORAGE_CONTAINER_URL}, or {@code AZURE_STORAGE_CONNECTION_STRING} with
 * {@code AZURE_STORAGE_CONTAINER} ({@code mlops} by default); {@code COSMOS_DB_ENDPOINT},
 * {@code COSMOS_DB_KEY} (the credential is used without it), {@code COSMOS_DB_DATABASE}
 * ({@code mlops}), {@code COSMOS_DB_EVENTS} ({@code experiment-events}),
 * {@code COSMOS_DB_ASSIGNMENTS} ({@code assignments}), {@code COSMOS_DB_MODELS}
 * ({@code model-metadata}); {@code APPLICATIONINSIGHTS_CONNECTION_STRING},
 * {@code APPLICATIONINSIGHTS_AUTHENTICATION_STRING} ({@code Authorization=AAD} sends telemetry
 * under the credential; the connection string's key is enough without it),
 * {@code OTEL_SERVICE_NAME}; {@code AZURE_ML_WORKSPACE} (a resource id, or a name with
 * {@code AZURE_SUBSCRIPTION_ID} and {@code AZURE_RESOURCE_GROUP}), {@code AZURE_ML_REGION};
 * {@code AB_TEST_TRAFFIC_SPLIT}.
 */
public final class AzureMlops implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AzureMlops.class);
  private static final Duration COUNTING = Duration.ofSeconds(1);

  private final Map<String, String> settings;
  private final TokenCredential credential;
  private final Duration closeTimeout;
  private final Part<SecretSource> secrets;
  private final Part<ObjectStore> objectStore;
  private final Part<OpenTelemetry> openTelemetry;
  private final Part<AzureMonitorTelemetry> telemetry;
  private final Part<CosmosAccount> cosmos;
  private final Part<EventSink> events;
  private final Part<AssignmentStore> assignments;
  private final Part<CosmosModelMetadata> modelMetadata;
  private final Part<AzureMlJobs> jobs;
  private final Part<AzureMlMlflow> mlflow;
  private final AtomicBoolean closed = new AtomicBoolean();

  private AzureMlops(Builder builder) {
    this.settings = Map.copyOf(builder.settings);
    this.credential = builder.credential;
    this.closeTimeout = builder.closeTimeout;
    this.secrets = new Part<>(
        builder.secrets,
        () -> KeyVaultSecrets.builder(require("secrets", "AZURE_KEYVAULT_URL"), credential)
            .build());
    this.objectStore = new Part<>(builder.objectStore, this::openObjectStore);
    this.telemetry = new Part<>(builder.telemetry, this::connectTelemetry);
    this.openTelemetry = new Part<>(builder.openTelemetry, () -> telemetry.get().openTelemetry());
    this.cosmos = new Part<>(builder.cosmos, this::openCosmos);
    this.events = new Part<>(
        builder.events,
        () -> CosmosEventSink.builder(
                cosmos.get(), setting("COSMOS_DB_EVENTS", "experiment-events"))
            .open());
    this.assignments = new Part<>(
        builder.assignments,
        () -> CosmosAssignmentStore.open(
            cosmos.get(), setting("COSMOS_DB_ASSIGNMENTS", "assignments")));
    this.modelMetadata = new Part<>(
        builder.modelMetadata,
        () ->
            CosmosModelMetadata.open(cosmos.get(), setting("COSMOS_DB_MODELS", "model-metadata")));
    this.jobs = new Part<>(
        builder.jobs, () -> AzureMlJobs.builder(workspace(), credential).build());
    this.mlflow = new Part<>(
        builder.mlflow,
        () -> AzureMlMlflow.of(workspace(), require("MLflow", "AZURE_ML_REGION"), credential));
  }

  /**
   * Reads the settings and finds the identity in the process's environment. Nothing is asked of any
   * service yet.
   *
   * @return the adapters
   */
  public static AzureMlops fromEnvironment() {
    return builder(AzureIdentity.fromEnvironment()).settings(System.getenv()).build();
  }

  /**
   * Starts to describe the adapters.
   *
   * @param credential the identity of all of them
   * @return a builder
   */
  public static Builder builder(TokenCredential credential) {
    return new Builder(credential);
  }

  /**
   * Where secrets come from.
   *
   * @return the vault
   * @throws InvalidInputException naming the setting that is missing
   */
  public SecretSource secrets() {
    return secrets.get();
  }

  /**
   * Where a registry keeps its objects.
   *
   * @return the store
   * @throws InvalidInputException naming the setting that is missing
   */
  public ObjectStore objectStore() {
    return objectStore.get();
  }

  /**
   * Where spans, metrics and logs go.
   *
   * @return OpenTelemetry
   * @throws InvalidInputException naming the setting that is missing
   */
  public OpenTelemetry openTelemetry() {
    return openTelemetry.get();
  }

  /**
   * Application Insights itself, for custom events and flushing.
   *
   * @return the telemetry
   * @throws InvalidInputException naming the setting that is missing
   */
  public AzureMonitorTelemetry telemetry() {
    return telemetry.get();
  }

  /**
   * The database of the stores below.
   *
   * @return the database
   * @throws InvalidInputException naming the setting that is missing
   * @throws dev.mlops.error.UnavailableException if azure-cosmos is missing or the account does not
   *     answer
   */
  public CosmosAccount cosmos() {
    return cosmos.get();
  }

  /**
   * Where exposures and outcomes go.
   *
   * @return the sink
   * @throws InvalidInputException naming the setting that is missing
   */
  public EventSink events() {
    return events.get();
  }

  /**
   * Where sticky assignments are remembered.
   *
   * @return the store
   * @throws InvalidInputException naming the setting that is missing
   */
  public AssignmentStore assignments() {
    return assignments.get();
  }

  /**
   * The projection of registries for other programs.
   *
   * @return the documents
   * @throws InvalidInputException naming the setting that is missing
   */
  public CosmosModelMetadata modelMetadata() {
    return modelMetadata.get();
  }

  /**
   * Jobs and endpoints of the workspace.
   *
   * @return the access
   * @throws InvalidInputException naming the setting that is missing
   */
  public AzureMlJobs jobs() {
    return jobs.get();
  }

  /**
   * The MLflow server of the workspace.
   *
   * @return its address and tokens
   * @throws InvalidInputException naming the setting that is missing
   */
  public AzureMlMlflow mlflow() {
    return mlflow.get();
  }

  /**
   * The share of units that {@code AB_TEST_TRAFFIC_SPLIT} gives to the treatment.
   *
   * @return from 0 to 1, or empty if it is not set
   * @throws InvalidInputException if it is set to something else
   */
  public OptionalDouble trafficSplit() {
    String text = settings.getOrDefault("AB_TEST_TRAFFIC_SPLIT", "");
    if (text.isBlank()) {
      return OptionalDouble.empty();
    }
    try {
      double share = Double.parseDouble(text.trim());
      if (share >= 0 && share <= 1) {
        return OptionalDouble.of(share);
      }
    } catch (NumberFormatException e) {
      throw new InvalidInputException(
          "AB_TEST_TRAFFIC_SPLIT must be a number from 0 to 1, got '" + text + "'", e);
    }
    throw new InvalidInputException(
        "AB_TEST_TRAFFIC_SPLIT must be a number from 0 to 1, got '" + text + "'");
  }

  /**
   * Drains the sink and sends the telemetry that is waiting, both at once and within the close
   * timeout (and a second to count what was lost), then closes what was opened here. What was not
   * in time is logged. The object store, the database and what needs it, and telemetry are not
   * opened any more. Closing twice is fine.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long deadline = System.nanoTime() + closeTimeout.toNanos();
    // At once, each with the whole time: a database that is down must not cost the telemetry.
    List<Thread> closing = new ArrayList<>();
    events
        .close()
        .ifPresent(sink -> closing.add(start("mlops-azure-close-events", () -> {
          if (!sink.close(left(deadline))) {
            LOG.warn("{} events were not written before closing", sink.dropped());
          }
        })));
    telemetry
        .close()
        .ifPresent(sending -> closing.add(start("mlops-azure-close-telemetry", () -> {
          if (!sending.close(left(deadline))) {
            LOG.warn("Telemetry was not sent before closing");
          }
        })));
    // Each keeps the deadline by itself and then counts what was lost.
    closing.forEach(thread -> await(thread, deadline + COUNTING.toNanos()));
    objectStore.close().ifPresent(Part::close);
    cosmos.close().ifPresent(Part::close);
  }

  private static Thread start(String name, Runnable closing) {
    Thread thread = new Thread(closing, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** An interrupt ends the waiting, not the closing. */
  private static void await(Thread thread, long deadline) {
    try {
      thread.join(left(deadline).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  private ObjectStore openObjectStore() {
    String connection = settings.getOrDefault("AZURE_STORAGE_CONNECTION_STRING", "");
    if (!connection.isBlank()) {
      return BlobObjectStore.builder(connection, setting("AZURE_STORAGE_CONTAINER", "mlops"))
          .createContainer()
          .build();
    }
    return BlobObjectStore.builder(require(
            "the object store", "AZURE_STORAGE_CONTAINER_URL", "AZURE_STORAGE_CONNECTION_STRING"))
        .credential(credential)
        .build();
  }

  private AzureMonitorTelemetry connectTelemetry() {
    var builder = AzureMonitorTelemetry.builder()
        .connectionString(require("telemetry", "APPLICATIONINSIGHTS_CONNECTION_STRING"))
        .serviceName(setting("OTEL_SERVICE_NAME", "mlops"))
        .closeTimeout(closeTimeout);
    String authentication = setting("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "");
    if (authentication.isEmpty()) {
      return builder.build();
    }
    if (!authentication.trim().equalsIgnoreCase("Authorization=AAD")) {
      throw new InvalidInputException(
          "APPLICATIONINSIGHTS_AUTHENTICATION_STRING must be 'Authorization=AAD': the identity is"
              + " the one of all adapters");
    }
    return builder.credential(credential).build();
  }

  private CosmosAccount openCosmos() {
    var builder = CosmosAccount.builder(
        require("Cosmos DB", "COSMOS_DB_ENDPOINT"), setting("COSMOS_DB_DATABASE", "mlops"));
    String key = settings.getOrDefault("COSMOS_DB_KEY", "");
    return key.isBlank()
        ? builder.credential(credential).build()
        : builder.key(key).createIfMissing().build();
  }

  private AzureMlWorkspace workspace() {
    String workspace = require("Azure ML", "AZURE_ML_WORKSPACE");
    return workspace.startsWith("/")
        ? AzureMlWorkspace.parse(workspace)
        : AzureMlWorkspace.of(
            require("Azure ML", "AZURE_SUBSCRIPTION_ID"),
            require("Azure ML", "AZURE_RESOURCE_GROUP"),
            workspace);
  }

  private String setting(String name, String otherwise) {
    String value = settings.getOrDefault(name, "");
    return value.isBlank() ? otherwise : value;
  }

  private String require(String part, String name, String... alternatives) {
    String value = settings.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new InvalidInputException(part + " is not configured: set " + name
          + (alternatives.length == 0 ? "" : " or " + String.join(" or ", alternatives)));
    }
    return value;
  }

  @Override
  public String toString() {
    return "AzureMlops[closed=" + closed.get() + "]";
  }

  /** Describes the adapters. Not safe for use by several threads. */
  public static final class Builder {
    private final TokenCredential credential;
    private final Map<String, String> settings = new HashMap<>();
    private Duration closeTimeout = Duration.ofSeconds(15);
    private @Nullable Supplier<SecretSource> secrets;
    private @Nullable Supplier<ObjectStore> objectStore;
    private @Nullable Supplier<OpenTelemetry> openTelemetry;
    private @Nullable Supplier<AzureMonitorTelemetry> telemetry;
    private @Nullable Supplier<CosmosAccount> cosmos;
    private @Nullable Supplier<CosmosModelMetadata> modelMetadata;
    private @Nullable Supplier<AzureMlMlflow> mlflow;
    private @Nullable Supplier<EventSink> events;
    private @Nullable Supplier<AssignmentStore> assignments;
    private @Nullable Supplier<AzureMlJobs> jobs;

    private Builder(TokenCredential credential) {
      this.credential = requireNonNull(credential, "credential");
    }

    /**
     * Adds settings; names that mean nothing here are ignored.
     *
     * @param values by the names above
     * @return this
     */
    public Builder settings(Map<String, String> values) {
      settings.putAll(values);
      return this;
    }

    /**
     * Adds a setting.
     *
     * @param name one of the names above
     * @param value its value
     * @return this
     */
    public Builder setting(String name, String value) {
      settings.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return this;
    }

    /**
     * Replaces the secrets.
     *
     * @param own the application's
     * @return this
     */
    public Builder secrets(SecretSource own) {
      secrets = given(own);
      return this;
    }

    /**
     * Replaces the object store.
     *
     * @param own the application's
     * @return this
     */
    public Builder objectStore(ObjectStore own) {
      objectStore = given(own);
      return this;
    }

    /**
     * Replaces OpenTelemetry.
     *
     * @param own the application's
     * @return this
     */
    public Builder openTelemetry(OpenTelemetry own) {
      openTelemetry = given(own);
      return this;
    }

    /**
     * Replaces the way to Azure Monitor, and OpenTelemetry unless that is replaced too.
     *
     * @param own the application's
     * @return this
     */
    public Builder telemetry(AzureMonitorTelemetry own) {
      telemetry = given(own);
      return this;
    }

    /**
     * Replaces the account that events, assignments and model metadata are kept in.
     *
     * @param own the application's
     * @return this
     */
    public Builder cosmos(CosmosAccount own) {
      cosmos = given(own);
      return this;
    }

    /**
     * Replaces the event sink.
     *
     * @param own the application's
     * @return this
     */
    public Builder events(EventSink own) {
      events = given(own);
      return this;
    }

    /**
     * Replaces the assignment store.
     *
     * @param own the application's
     * @return this
     */
    public Builder assignments(AssignmentStore own) {
      assignments = given(own);
      return this;
    }

    /**
     * Replaces the projection of registries.
     *
     * @param own the application's
     * @return this
     */
    public Builder modelMetadata(CosmosModelMetadata own) {
      modelMetadata = given(own);
      return this;
    }

    /**
     * Replaces the access to Azure ML.
     *
     * @param own the application's
     * @return this
     */
    public Builder jobs(AzureMlJobs own) {
      jobs = given(own);
      return this;
    }

    /**
     * Replaces the access to the workspace's MLflow server.
     *
     * @param own the application's
     * @return this
     */
    public Builder mlflow(AzureMlMlflow own) {
      mlflow = given(own);
      return this;
    }

    /**
     * Sets how long {@link AzureMlops#close()} may take; 15 seconds by default.
     *
     * @param value the timeout
     * @return this
     */
    public Builder closeTimeout(Duration value) {
      closeTimeout = requireNonNull(value, "closeTimeout");
      return this;
    }

    /**
     * Finishes the description. Nothing is opened yet.
     *
     * @return the adapters
     */
    public AzureMlops build() {
      return new AzureMlops(this);
    }

    private static <T> Supplier<T> given(T own) {
      requireNonNull(own, "own");
      return () -> own;
    }
  }
}
