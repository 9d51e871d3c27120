package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.TokenCredential;
import dev.mlops.abtest.AssignmentStore;
import dev.mlops.abtest.EventSink;
import dev.mlops.azure.internal.Part;
import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.CosmosEmulator;
import dev.mlops.azure.peer.Ingestion;
import dev.mlops.azure.peer.StaticCredential;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.secret.SecretSource;
import dev.mlops.store.ObjectStore;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class AzureMlopsTest {
  private static AzureMlops.Builder azure(Map<String, String> settings) {
    return AzureMlops.builder(new StaticCredential()).settings(settings);
  }

  @Test
  void parts_withoutSettings_nameWhatIsMissing() {
    try (AzureMlops azure = azure(Map.of()).build()) {
      assertThatThrownBy(azure::secrets)
          .isInstanceOf(InvalidInputException.class)
          .hasMessage("secrets is not configured: set AZURE_KEYVAULT_URL");
      assertThatThrownBy(azure::objectStore)
          .hasMessageContaining(
              "set AZURE_STORAGE_CONTAINER_URL or AZURE_STORAGE_CONNECTION_STRING");
      assertThatThrownBy(azure::openTelemetry)
          .hasMessageContaining("set APPLICATIONINSIGHTS_CONNECTION_STRING");
      assertThatThrownBy(azure::events).hasMessageContaining("set COSMOS_DB_ENDPOINT");
      assertThatThrownBy(azure::assignments).hasMessageContaining("set COSMOS_DB_ENDPOINT");
      assertThatThrownBy(azure::modelMetadata).hasMessageContaining("set COSMOS_DB_ENDPOINT");
      assertThatThrownBy(azure::jobs).hasMessageContaining("set AZURE_ML_WORKSPACE");
      assertThatThrownBy(azure::mlflow).hasMessageContaining("set AZURE_ML_WORKSPACE");
    }
    try (AzureMlops azure = azure(Map.of("AZURE_ML_WORKSPACE", "w")).build()) {
      assertThatThrownBy(azure::jobs).hasMessageContaining("set AZURE_SUBSCRIPTION_ID");
    }
  }

  @Test
  void parts_thatNeedNoService_openFromSettings() {
    try (AzureMlops azure = azure(Map.of(
            "AZURE_KEYVAULT_URL", "https://v.vault.azure.net",
            "AZURE_STORAGE_CONTAINER_URL", "https://a.blob.core.windows.net/c",
            "AZURE_ML_WORKSPACE", "w",
            "AZURE_SUBSCRIPTION_ID", "s",
            "AZURE_RESOURCE_GROUP", "g",
            "AZURE_ML_REGION", "westeurope"))
        .build()) {
      assertThat(azure.secrets()).isSameAs(azure.secrets());
      assertThat(azure.objectStore()).hasToString("BlobObjectStore[a/c/]");
      assertThat(azure.jobs()).isNotNull();
      assertThat(azure.mlflow().uri().toString())
          .startsWith("https://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/s/");
    }
  }

  @Test
  void parts_ofTheApplication_replaceOursAndStayOpen() {
    ObjectStore store = ObjectStore.inMemory();
    EventSink sink = new dev.mlops.abtest.InMemoryEventSink(10, Clock.systemUTC());
    AzureMlops azure = AzureMlops.builder(new StaticCredential())
        .objectStore(store)
        .events(sink)
        .openTelemetry(OpenTelemetry.noop())
        .build();

    assertThat(azure.objectStore()).isSameAs(store);
    assertThat(azure.events()).isSameAs(sink);
    assertThat(azure.openTelemetry()).isSameAs(OpenTelemetry.noop());
    azure.close();
    assertThat(sink.outcome("unit", "x", 1)).isTrue();
  }

  @Test
  void objectStore_fromAConnectionString_works() {
    try (AzureMlops azure = azure(Map.of(
            "AZURE_STORAGE_CONNECTION_STRING",
            Azurite.shared().connectionString(),
            "AZURE_STORAGE_CONTAINER",
            "from-settings"))
        .build()) {
      assertThat(azure.objectStore().putIfAbsent("k" + System.nanoTime(), new byte[] {1}))
          .isTrue();
    }
  }

  @Test
  void close_sendsTelemetry() {
    try (Ingestion ingestion = new Ingestion()) {
      AzureMlops azure = azure(
              Map.of("APPLICATIONINSIGHTS_CONNECTION_STRING", ingestion.connectionString()))
          .build();
      azure.telemetry().event("last", Map.of());

      azure.close();
      azure.close();

      assertThat(ingestion.accepted(e -> e.at("/data/baseData/name").asText().equals("last")))
          .hasSize(1);
    }
  }

  @Test
  void close_whenNothingAnswers_keepsItsDeadline() {
    AzureMlops azure = azure(Map.of(
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            Ingestion.connectionString(Azurite.freePort())))
        .closeTimeout(Duration.ofSeconds(3))
        .build();
    azure.telemetry().event("last", Map.of());
    long start = System.nanoTime();

    azure.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void close_whileTheDatabaseIsDown_stillSendsTelemetry() {
    try (Ingestion ingestion = new Ingestion();
        CosmosEmulator emulator = CosmosEmulator.start();
        CosmosAccount account = CosmosTest.open(emulator, Duration.ofSeconds(1))) {
      AzureMlops azure = azure(
              Map.of("APPLICATIONINSIGHTS_CONNECTION_STRING", ingestion.connectionString()))
          .cosmos(account)
          .closeTimeout(Duration.ofSeconds(4))
          .build();
      EventSink sink = azure.events();
      emulator.close();
      sink.outcome("unit", "purchase", 1);
      azure.telemetry().event("last", Map.of());

      azure.close();

      assertThat(ingestion.accepted(e -> e.at("/data/baseData/name").asText().equals("last")))
          .hasSize(1);
      assertThat(sink.dropped()).isEqualTo(1);
    }
  }

  @Test
  void parts_firstAskedForAfterClose_areNotOpened() {
    AzureMlops azure = azure(Map.of(
            "AZURE_STORAGE_CONTAINER_URL", "https://a.blob.core.windows.net/c",
            "COSMOS_DB_ENDPOINT", "https://127.0.0.1:1/",
            "APPLICATIONINSIGHTS_CONNECTION_STRING", Ingestion.connectionString(1)))
        .build();
    azure.close();

    for (ThrowingCallable part : List.<ThrowingCallable>of(
        azure::objectStore,
        azure::cosmos,
        azure::events,
        azure::assignments,
        azure::modelMetadata,
        azure::telemetry,
        azure::openTelemetry)) {
      assertThatThrownBy(part)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("are closed");
    }
  }

  @Test
  void part_beingOpenedWhileItCloses_doesNotHoldUpClosingAndIsClosed() throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    AtomicInteger closed = new AtomicInteger();
    Part<AutoCloseable> part = new Part<>(null, () -> {
      opening.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return closed::incrementAndGet;
    });
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<AutoCloseable> late = threads.submit(part::get);
      opening.await();

      assertThat(CompletableFuture.supplyAsync(part::close).get(10, TimeUnit.SECONDS))
          .isEmpty();
      open.countDown();

      assertThatThrownBy(late::get).hasCauseInstanceOf(UnavailableException.class);
      assertThat(closed).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void fromEnvironment_readsTheProcessesSettings() {
    try (AzureMlops azure = AzureMlops.fromEnvironment()) {
      assertThat(azure).hasToString("AzureMlops[closed=false]");
      assertThat(azure.trafficSplit().isPresent())
          .isEqualTo(System.getenv("AB_TEST_TRAFFIC_SPLIT") != null);
    }
  }

  @Test
  void telemetry_underAnIdentity_asksItForATokenOnlyWhenToldTo() {
    Queue<String> scopes = new ConcurrentLinkedQueue<>();
    TokenCredential credential = request -> {
      scopes.addAll(request.getScopes());
      return Mono.error(new IllegalStateException("asked"));
    };
    String connection = "InstrumentationKey=" + Ingestion.KEY
        + ";IngestionEndpoint=https://127.0.0.1:" + Azurite.freePort() + "/";
    for (String told : List.of("", "Authorization=AAD")) {
      scopes.clear();
      try (AzureMlops azure = AzureMlops.builder(credential)
          .setting("APPLICATIONINSIGHTS_CONNECTION_STRING", connection)
          .setting("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", told)
          .build()) {
        azure.telemetry().event("e", Map.of());
        azure.telemetry().flush(Duration.ofSeconds(10));
      }
      assertThat(scopes.isEmpty()).isEqualTo(told.isEmpty());
      assertThat(scopes).allSatisfy(scope -> assertThat(scope).contains("monitor.azure.com"));
    }
    try (AzureMlops azure = AzureMlops.builder(credential)
        .setting("APPLICATIONINSIGHTS_CONNECTION_STRING", connection)
        .setting("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "Authorization=Other")
        .build()) {
      assertThatThrownBy(azure::telemetry)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("APPLICATIONINSIGHTS_AUTHENTICATION_STRING");
    }
  }

  @Test
  void trafficSplit_isANumberFromZeroToOne() {
    assertThat(azure(Map.of()).build().trafficSplit()).isEmpty();
    assertThat(azure(Map.of("AB_TEST_TRAFFIC_SPLIT", "0.5")).build().trafficSplit())
        .hasValue(0.5);
    for (String wrong : List.of("50", "-0.1", "half", "NaN")) {
      assertThatThrownBy(
              () -> azure(Map.of("AB_TEST_TRAFFIC_SPLIT", wrong)).build().trafficSplit())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("got '" + wrong + "'");
    }
  }

  @Test
  void everyPart_canBeReplaced() {
    var workspace = AzureMlWorkspace.of("s", "g", "w");
    var mlflow = AzureMlMlflow.of(workspace, "westeurope", new StaticCredential());
    var jobs = AzureMlJobs.builder(workspace, new StaticCredential()).build();
    SecretSource secrets = SecretSource.of(Map.of("name", "value"));
    AssignmentStore assignments = AssignmentStore.inMemory();
    try (Ingestion ingestion = new Ingestion();
        AzureMonitorTelemetry telemetry = AzureMonitorTelemetry.builder()
            .connectionString(ingestion.connectionString())
            .build();
        AzureMlops azure = AzureMlops.builder(new StaticCredential())
            .secrets(secrets)
            .telemetry(telemetry)
            .assignments(assignments)
            .jobs(jobs)
            .mlflow(mlflow)
            .build()) {
      assertThat(azure.secrets()).isSameAs(secrets);
      assertThat(azure.telemetry()).isSameAs(telemetry);
      assertThat(azure.openTelemetry()).isSameAs(telemetry.openTelemetry());
      assertThat(azure.assignments()).isSameAs(assignments);
      assertThat(azure.jobs()).isSameAs(jobs);
      assertThat(azure.mlflow()).isSameAs(mlflow);
      azure.close();

      telemetry.event("after", Map.of());
      assertThat(telemetry.flush(Duration.ofSeconds(10))).isTrue();
      assertThat(ingestion.accepted(e -> e.at("/data/baseData/name").asText().equals("after")))
          .hasSize(1);
    }
  }

  @Test
  void close_drainsTheSinkInTheApplicationsAccount() {
    String container = "drained" + System.nanoTime();
    try (CosmosAccount account = CosmosTest.open(CosmosEmulator.shared(), Duration.ofSeconds(30))) {
      AzureMlops azure = AzureMlops.builder(new StaticCredential())
          .cosmos(account)
          .setting("COSMOS_DB_EVENTS", container)
          .build();
      for (int i = 0; i < 300; i++) {
        assertThat(azure.events().outcome("unit-" + i, "purchase", 1)).isTrue();
      }

      azure.close();

      assertThat(CosmosEventSink.events(account, container, "checkout", List.of("purchase")))
          .hasSize(300);
      assertThat(azure.cosmos()).isSameAs(account);
      assertThat(CosmosModelMetadata.open(account, container + "-models")).isNotNull();
    }
  }
}
