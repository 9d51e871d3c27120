package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.abtest.Event;
import dev.mlops.abtest.EventSink;
import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.Ingestion;
import dev.mlops.azure.peer.StaticCredential;
import dev.mlops.error.InvalidInputException;
import dev.mlops.store.ObjectStore;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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

  /**
   * The sink that closing drains is one over a slow writer: closing waits for it, up to the
   * deadline.
   */
  @Test
  void close_ofASinkOverASlowWriter_drainsIt() throws Exception {
    CountDownLatch written = new CountDownLatch(3);
    EventSink sink = EventSink.to(
            (List<Event> batch) -> batch.forEach(event -> written.countDown()))
        .open();
    sink.outcome("a", "x", 1);
    sink.outcome("b", "x", 1);
    sink.outcome("c", "x", 1);

    assertThat(sink.close(Duration.ofSeconds(5))).isTrue();
    assertThat(written.await(1, TimeUnit.SECONDS)).isTrue();
  }
}
