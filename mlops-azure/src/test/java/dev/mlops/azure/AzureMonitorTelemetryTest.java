package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.azure.internal.HttpClients;
import dev.mlops.azure.internal.IngestionHttpClient;
import dev.mlops.azure.peer.FaultyProxy;
import dev.mlops.azure.peer.Ingestion;
import dev.mlops.azure.peer.Loopback;
import dev.mlops.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class AzureMonitorTelemetryTest {
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

  @Test
  void close_sendsWhatIsWaiting() {
    try (Ingestion ingestion = new Ingestion()) {
      // The first telemetry of a process also pays for loading the exporter.
      AzureMonitorTelemetry telemetry =
          telemetry(ingestion.port()).closeTimeout(Duration.ofMinutes(1)).build();
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
          .blockOptional()
          .orElseThrow()
          .getStatusCode();
      int foreignHost = client
          .send(new HttpRequest(
              HttpMethod.POST, "https://westus-0.in.applicationinsights.azure.com/v2.1/track"))
          .blockOptional()
          .orElseThrow()
          .getStatusCode();
      int metadata = client
          .send(new HttpRequest(HttpMethod.GET, "http://169.254.169.254/metadata/instance/compute"))
          .blockOptional()
          .orElseThrow()
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
  void client_leavesWhatAnotherServicePutOnDiskForItsOwner() throws Exception {
    try (Ingestion ingestion = new Ingestion()) {
      var client = new IngestionHttpClient(
          HttpClients.create(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          Ingestion.KEY,
          Set.of(URI.create("http://127.0.0.1:" + ingestion.port() + "/")));

      int status = client
          .send(new HttpRequest(HttpMethod.POST, "https://westeurope-5.in.example/v2.1/track")
              .setBody(gzip("{\"iKey\":\"00000000-0000-0000-0000-0000000000bb\"}")))
          .blockOptional()
          .orElseThrow()
          .getStatusCode();

      assertThat(status).isEqualTo(503);
      assertThat(client.failed()).isZero();
    }
  }

  @Test
  void client_sendsAgainWhatA206LeftOverAndNothingElse() throws Exception {
    try (Ingestion ingestion = new Ingestion()) {
      var client = new IngestionHttpClient(
          HttpClients.create(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          Ingestion.KEY,
          Set.of(URI.create("http://127.0.0.1:" + ingestion.port() + "/")));
      StringBuilder items = new StringBuilder();
      for (int i = 0; i < 11; i++) {
        items.append("{\"iKey\":\"" + Ingestion.KEY + "\",\"n\":" + i + "}\n");
      }
      byte[] body = gzip(items.toString().strip());
      ingestion.mode(Ingestion.Mode.PARTIAL_206);

      // The exporter keeps a payload that was answered with 503, and sends it again whole.
      assertThat(track(client, ingestion, body)).isEqualTo(503);
      assertThat(ingestion.accepted()).hasSize(9);
      ingestion.mode(Ingestion.Mode.FAIL_500);
      assertThat(track(client, ingestion, body)).isEqualTo(500);
      ingestion.mode(Ingestion.Mode.ACCEPT);
      assertThat(track(client, ingestion, body)).isEqualTo(200);

      assertThat(ingestion.accepted())
          .extracting(item -> item.get("n").asInt())
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      // What is done is forgotten: the same bytes again are telemetry of their own.
      assertThat(track(client, ingestion, body)).isEqualTo(200);
      assertThat(ingestion.accepted()).hasSize(22);
    }
  }

  private static int track(IngestionHttpClient client, Ingestion ingestion, byte[] body) {
    return client
        .send(
            new HttpRequest(HttpMethod.POST, "http://127.0.0.1:" + ingestion.port() + "/v2.1/track")
                .setBody(body))
        .blockOptional()
        .orElseThrow()
        .getStatusCode();
  }

  @Test
  void client_whoseItemsAreRefusedForGood_doesNotSendThemAgain() throws Exception {
    try (Loopback server = Loopback.http(request -> Loopback.Reply.json(
        206,
        "{\"itemsReceived\":2,\"itemsAccepted\":1,"
            + "\"errors\":[{\"index\":1,\"statusCode\":400,\"message\":\"bad\"}]}"))) {
      URI endpoint = URI.create("http://127.0.0.1:" + server.port() + "/");
      var client = new IngestionHttpClient(
          HttpClients.create(Duration.ofSeconds(1), Duration.ofSeconds(1)),
          Ingestion.KEY,
          Set.of(endpoint));

      int status = client
          .send(new HttpRequest(HttpMethod.POST, endpoint + "v2.1/track")
              .setBody(gzip("{\"iKey\":\"" + Ingestion.KEY + "\"}\n{\"n\":2}")))
          .blockOptional()
          .orElseThrow()
          .getStatusCode();

      assertThat(status).isEqualTo(200);
      assertThat(server.requests()).hasSize(1);
      assertThat(client.refused()).isEqualTo(1);
    }
  }

  private static IngestionHttpClient client(HttpClient delegate, URI endpoint) {
    return new IngestionHttpClient(delegate, Ingestion.KEY, Set.of(endpoint));
  }

  private static int status(IngestionHttpClient client, URI endpoint, String items)
      throws Exception {
    return client
        .send(new HttpRequest(HttpMethod.POST, endpoint + "v2.1/track").setBody(gzip(items)))
        .blockOptional()
        .orElseThrow()
        .getStatusCode();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"errors\":[]}",
        "{\"itemsReceived\":2,\"itemsAccepted\":0,\"errors\":[{\"index\":0,\"statusCode\":400}]}",
        "{\"itemsReceived\":2,\"itemsAccepted\":1,\"errors\":[{\"index\":7,\"statusCode\":400}]}"
      })
  void client_whose206DoesNotAccountForEveryItem_takesNoneForDone(String report) throws Exception {
    try (Loopback server = Loopback.http(request -> Loopback.Reply.json(206, report))) {
      URI endpoint = URI.create("http://127.0.0.1:" + server.port() + "/");
      var client =
          client(HttpClients.create(Duration.ofSeconds(1), Duration.ofSeconds(1)), endpoint);

      assertThat(status(client, endpoint, "{\"iKey\":\"" + Ingestion.KEY + "\"}\n{\"n\":2}"))
          .isEqualTo(503);

      assertThat(client.refused()).isZero();
      assertThat(server.requests())
          .hasSize(3)
          .allSatisfy(request -> assertThat(Ingestion.decode(request.body())).hasSize(2));
    }
  }

  @Test
  void client_whoseAnswerIsCut_turnsItInto503() throws Exception {
    try (Ingestion ingestion = new Ingestion();
        FaultyProxy proxy = new FaultyProxy(ingestion.port(), FaultyProxy.Fault.CUT_REPLY, 1, 3)) {
      URI endpoint = URI.create("http://127.0.0.1:" + proxy.port() + "/");
      var client =
          client(HttpClients.create(Duration.ofSeconds(5), Duration.ofSeconds(5)), endpoint);

      assertThat(status(client, endpoint, "{\"iKey\":\"" + Ingestion.KEY + "\"}"))
          .isEqualTo(503);

      assertThat(client.failed()).isEqualTo(3);
    }
  }

  @Test
  void client_redirectedToNoAddress_turnsItInto503() throws Exception {
    try (Loopback server = Loopback.http(
        request -> Loopback.Reply.json(307, "").with("Location", "http:// no address"))) {
      URI endpoint = URI.create("http://127.0.0.1:" + server.port() + "/");
      var client =
          client(HttpClients.create(Duration.ofSeconds(5), Duration.ofSeconds(5)), endpoint);

      assertThat(status(client, endpoint, "{\"iKey\":\"" + Ingestion.KEY + "\"}"))
          .isEqualTo(503);
    }
  }

  @Test
  void client_toldToStopSending_givesUpWhatHasNoAnswerAndSendsNothingMore() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    URI endpoint = URI.create("http://127.0.0.1:1/");
    var client = client(
        request -> {
          sent.incrementAndGet();
          return Mono.never();
        },
        endpoint);
    var underWay = client
        .send(new HttpRequest(HttpMethod.POST, endpoint + "v2.1/track").setBody(gzip("{}")))
        .toFuture();
    assertThat(sent).hasValue(1);

    client.stopSendingAfter(Duration.ofMillis(1));

    assertThat(underWay.get(4, TimeUnit.SECONDS).getStatusCode()).isEqualTo(503);
    assertThat(status(client, endpoint, "{}")).isEqualTo(503);
    assertThat(sent).hasValue(1);
  }

  @Test
  void client_turnsALostConnectionInto503() {
    var client = new IngestionHttpClient(
        HttpClients.create(Duration.ofSeconds(1), Duration.ofSeconds(1)),
        Ingestion.KEY,
        Set.of(URI.create("http://127.0.0.1:1/")));

    var response = client
        .send(new HttpRequest(HttpMethod.POST, "http://127.0.0.1:1/v2.1/track").setBody("x"))
        .blockOptional()
        .orElseThrow();

    assertThat(response.getStatusCode()).isEqualTo(503);
    // The first attempt and two more.
    assertThat(client.failed()).isEqualTo(3);
  }

  @Test
  void builder_refusesWhatIsNoConnectionStringWithoutShowingIt() {
    for (String wrong : List.of(
        "PLANTED",
        "IngestionEndpoint=https://x/",
        "InstrumentationKey=PLANTED",
        "InstrumentationKey=" + Ingestion.KEY + ";IngestionEndpoint=PLANTED")) {
      assertThatThrownBy(
              () -> AzureMonitorTelemetry.builder().connectionString(wrong).build())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageNotContaining("PLANTED");
    }
  }
}
