package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.azure.internal.HttpClients;
import dev.mlops.azure.internal.IngestionHttpClient;
import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.Ingestion;
import dev.mlops.azure.peer.Ingestion.Mode;
import dev.mlops.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AzureMonitorTelemetryTest {
  /** Two minutes as the requirement has it, or a few seconds: longer than the retries in any case. */
  private static final Duration OUTAGE =
      Boolean.getBoolean("mlops.long") ? Duration.ofMinutes(2) : Duration.ofSeconds(4);

  private static AzureMonitorTelemetry.Builder telemetry(int port) {
    return AzureMonitorTelemetry.builder()
        .connectionString(Ingestion.connectionString(port))
        .serviceName("quickstart")
        .closeTimeout(Duration.ofSeconds(10));
  }

  private static String eventName(JsonNode envelope) {
    return envelope.at("/data/baseData/name").asText();
  }

  private static List<String> events(Ingestion ingestion) {
    return ingestion.accepted(e -> e.at("/data/baseType").asText().equals("EventData")).stream()
        .map(AzureMonitorTelemetryTest::eventName)
        .sorted()
        .toList();
  }

  private static void emit(AzureMonitorTelemetry telemetry, String name) {
    telemetry.event(name, Map.of("n", "1"));
    telemetry.flush(Duration.ofSeconds(15));
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"THROTTLE_429", "FAIL_500", "PARTIAL_206", "DROP"})
  void outage_shorterThanTheRetries_losesAndDoublesNothing(Mode mode) throws Exception {
    try (Ingestion ingestion = new Ingestion();
        AzureMonitorTelemetry telemetry = telemetry(ingestion.port()).build()) {
      ingestion.mode(mode);
      IntStream.range(0, 20).forEach(i -> telemetry.event("during-" + i, Map.of()));
      Thread back = new Thread(() -> {
        while (ingestion.refused() == 0) {
          Thread.onSpinWait();
        }
        ingestion.mode(Mode.ACCEPT);
      });
      back.start();

      telemetry.flush(Duration.ofSeconds(15));
      back.join();
      emit(telemetry, "after");

      waitFor(ingestion, 21, Duration.ofSeconds(75));
      assertThat(events(ingestion)).hasSize(21).doesNotHaveDuplicates();
    }
  }

  @Test
  void outage_ofConnectionRefused_isOutlivedOnDiskAcrossARestart() throws Exception {
    int port = Azurite.freePort();
    try (AzureMonitorTelemetry telemetry = telemetry(port).build()) {
      telemetry.event("before-shutdown", Map.of("n", "1"));
      TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis());
    }

    try (Ingestion ingestion = new Ingestion(port);
        AzureMonitorTelemetry next = telemetry(port).build()) {
      emit(next, "after-start");
      waitFor(ingestion, 2, Duration.ofSeconds(75));

      assertThat(events(ingestion)).containsExactly("after-start", "before-shutdown");
    }
  }

  private static void waitFor(Ingestion ingestion, int atLeast, Duration atMost) throws Exception {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (events(ingestion).size() < atLeast && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  @Test
  void close_sendsWhatIsWaiting() {
    try (Ingestion ingestion = new Ingestion()) {
      AzureMonitorTelemetry telemetry = telemetry(ingestion.port()).build();
      telemetry.event("last", Map.of());

      telemetry.close();
      telemetry.close();

      assertThat(events(ingestion)).containsExactly("last");
    }
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void client_keepsEverythingHereThatIsNotForTheEndpointAndTheKey() throws Exception {
    try (Ingestion ingestion = new Ingestion()) {
      var client = new IngestionHttpClient(
          HttpClients.create(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          Ingestion.KEY,
          Set.of(URI.create("http://127.0.0.1:" + ingestion.port() + "/")));
      String track = "http://127.0.0.1:" + ingestion.port() + "/v2.1/track";

      int foreignKey = client
          .send(new HttpRequest(HttpMethod.POST, track)
              .setBody(gzip("{\"iKey\":\"c4a29126-a7cb-47e5-b348-11414998b11e\"}")))
          .blockOptional().orElseThrow()
          .getStatusCode();
      int foreignHost = client
          .send(new HttpRequest(
              HttpMethod.POST, "https://westus-0.in.applicationinsights.azure.com/v2.1/track"))
          .blockOptional().orElseThrow()
          .getStatusCode();
      int metadata = client
          .send(new HttpRequest(HttpMethod.GET, "http://169.254.169.254/metadata/instance/compute"))
          .blockOptional().orElseThrow()
          .getStatusCode();
      assertThat(List.of(foreignKey, foreignHost, metadata)).containsOnly(200);
      assertThat(client.answeredHere()).isEqualTo(3);
      assertThat(ingestion.requests()).isEmpty();

      assertThat(client
              .send(new HttpRequest(HttpMethod.POST, track)
                  .setBody(gzip("{\"iKey\":\"" + Ingestion.KEY + "\"}")))
              .blockOptional())
          .isPresent();
      assertThat(ingestion.accepted()).hasSize(1);
    }
  }

  @Test
  void client_turnsALostConnectionInto503() {
    var client = new IngestionHttpClient(
        HttpClients.create(Duration.ofSeconds(1), Duration.ofSeconds(1)),
        Ingestion.KEY,
        Set.of(URI.create("http://127.0.0.1:1/")));

    var response = client
        .send(new HttpRequest(HttpMethod.POST, "http://127.0.0.1:1/v2.1/track").setBody("x"))
        .blockOptional().orElseThrow();

    assertThat(response.getStatusCode()).isEqualTo(503);
    assertThat(client.failed()).isEqualTo(1);
  }

  @Test
  void builder_refusesWhatIsNoConnectionStringWithoutShowingIt() {
    for (String wrong : List.of(
        "PLANTED", "IngestionEndpoint=https://x/", "InstrumentationKey=PLANTED",
        "InstrumentationKey=" + Ingestion.KEY + ";IngestionEndpoint=PLANTED")) {
      assertThatThrownBy(() -> AzureMonitorTelemetry.builder().connectionString(wrong).build())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageNotContaining("PLANTED");
    }
  }
}
