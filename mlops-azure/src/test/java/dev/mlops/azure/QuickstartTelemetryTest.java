package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What really arrives at an ingestion endpoint when the quickstart runs. */
class QuickstartTelemetryTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Path GOLDEN =
      Path.of("src", "test", "resources", "golden", "application-insights.json");

  private static List<JsonNode> envelopes(String baseType) {
    return QuickstartCapture.get().envelopes().stream()
        .filter(envelope -> envelope.at("/data/baseType").asText().equals(baseType))
        .toList();
  }

  @Test
  void connections_goToTheIngestionEndpointOnly() {
    QuickstartCapture capture = QuickstartCapture.get();

    assertThat(capture.targets()).isNotEmpty().containsOnly("127.0.0.1:" + capture.port());
  }

  @Test
  void payloads_equalTheGoldenFile() throws Exception {
    String actual =
        JSON.writeValueAsString(GoldenEnvelopes.of(QuickstartCapture.get().envelopes()));
    if (Boolean.getBoolean("mlops.golden.update")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, actual + "\n");
    }

    assertThat(JSON.readTree(actual)).isEqualTo(JSON.readTree(Files.readString(GOLDEN)));
  }

  @Test
  void payloads_areOfEveryKind() {
    Set<String> kinds = QuickstartCapture.get().envelopes().stream()
        .map(envelope -> envelope.at("/data/baseType").asText())
        .collect(Collectors.toSet());

    assertThat(kinds)
        .containsExactlyInAnyOrder(
            "RequestData",
            "RemoteDependencyData",
            "MetricData",
            "MessageData",
            "ExceptionData",
            "EventData");
  }

  /** The golden file leaves ids out; that they belong together is checked here. */
  @Test
  void predictionsAndExceptions_belongToTheirRequests() {
    Set<String> requests = envelopes("RequestData").stream()
        .map(request -> request.at("/tags/ai.operation.id").asText() + "/"
            + request.at("/data/baseData/id").asText())
        .collect(Collectors.toSet());

    assertThat(requests).hasSameSizeAs(envelopes("RequestData"));
    assertThat(envelopes("RemoteDependencyData"))
        .hasSameSizeAs(requests)
        .allMatch(call -> requests.contains(parent(call)));
    assertThat(envelopes("ExceptionData"))
        .hasSize(1)
        .allMatch(exception -> requests.contains(parent(exception)));
  }

  private static String parent(JsonNode envelope) {
    return envelope.at("/tags/ai.operation.id").asText() + "/"
        + envelope.at("/tags/ai.operation.parentId").asText();
  }
}
