package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.azure.peer.Loopback;
import dev.mlops.azure.peer.Loopback.Reply;
import dev.mlops.azure.peer.Loopback.Request;
import dev.mlops.azure.peer.StaticCredential;
import dev.mlops.error.InvalidInputException;
import dev.mlops.mlflow.MirrorReport;
import dev.mlops.mlflow.MlflowMirror;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.testing.ManualClock;
import dev.mlops.tracking.Experiments;
import dev.mlops.tracking.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The mirror against a workspace's MLflow server that wants the right token on every call. */
class AzureMlMlflowTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AzureMlWorkspace WORKSPACE = AzureMlWorkspace.of("s", "g", "w");
  private static final String PATH = "/mlflow/v1.0" + WORKSPACE.resourceId();

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final StaticCredential credential = new StaticCredential(clock);
  private final Experiments experiments = Experiments.inMemory();
  private final Map<String, String> runs = new TreeMap<>();
  private volatile String accepted = "token-1";

  /** As in a workspace: files are not proxied, and a token that has ended is refused. */
  private Reply serve(Request request) {
    if (!request.header("Authorization").equals("Bearer " + accepted)) {
      return Reply.json(401, "{\"error_code\":\"PERMISSION_DENIED\"}");
    }
    JsonNode in;
    try {
      in = JSON.readTree(request.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return switch (request.path().substring(PATH.length() + "/api/2.0/mlflow/".length())) {
      case "experiments/get-by-name" ->
        Reply.json(200, "{\"experiment\":{\"experiment_id\":\"7\"}}");
      case "runs/search" -> {
        String run = runs.get(in.get("filter").asText().replaceAll(".*'(.*)'", "$1"));
        yield Reply.json(200, run == null ? "{}" : "{\"runs\":[" + run + "]}");
      }
      case "runs/create" -> {
        String id = in.at("/tags/0/value").asText();
        String run = "{\"info\":{\"run_id\":\"there-" + runs.size() + "\",\"status\":\"%s\","
            + "\"artifact_uri\":\"azureml://artifacts/x\"},\"data\":{\"tags\":[]}}";
        runs.put(id, run.formatted("FINISHED"));
        yield Reply.json(200, "{\"run\":" + run.formatted("RUNNING") + "}");
      }
      case "runs/log-batch", "runs/update" -> Reply.json(200, "{}");
      default -> Reply.json(404, "{}");
    };
  }

  private void record(String name) {
    try (Run run = experiments.start("fraud", name)) {
      run.param("trees", 100).metric("roc_auc", 0.9).artifact("notes.txt", new byte[] {1});
      run.finish();
    }
  }

  private static MirrorReport sync(MlflowMirror mirror) {
    MirrorReport report = mirror.sync();
    assertThat(report.failure()).isEmpty();
    return report;
  }

  @Test
  void mirror_sendsATokenWithEveryCallAndRenewsItBeforeItEnds() {
    try (Loopback server = Loopback.http(this::serve)) {
      AzureMlMlflow workspace =
          AzureMlMlflow.of(WORKSPACE, URI.create(server.url() + PATH), credential, clock);
      try (MlflowMirror mirror =
          workspace.mirror(experiments, ModelRegistry.inMemory()).build()) {
        record("first");
        assertThat(sync(mirror).runs()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(54));
        record("second");
        assertThat(sync(mirror).runs()).isEqualTo(1);
        assertThat(credential.count()).isEqualTo(1);

        // Within five minutes of its end a token is not used any more.
        clock.advance(Duration.ofMinutes(2));
        accepted = "token-2";
        record("third");
        assertThat(sync(mirror).runs()).isEqualTo(1);
        assertThat(credential.count()).isEqualTo(2);
      }
      assertThat(runs).hasSize(3);
      List<Request> requests = server.requests();
      assertThat(requests)
          .hasSizeGreaterThan(12)
          .allMatch(request -> request.path().startsWith(PATH + "/api/2.0/mlflow/"));
      assertThat(
              requests.stream().map(request -> request.header("Authorization")).distinct())
          .containsExactly("Bearer token-1", "Bearer token-2");
    }
  }

  @Test
  void mirror_whoseTokenIsRefused_reportsItWithoutTheToken() {
    try (Loopback server = Loopback.http(this::serve)) {
      accepted = "another";
      record("first");
      try (MlflowMirror mirror = AzureMlMlflow.of(
              WORKSPACE, URI.create(server.url() + PATH), credential, clock)
          .mirror(experiments, ModelRegistry.inMemory())
          .build()) {
        assertThat(mirror.sync().failure().orElseThrow()).contains("401").doesNotContain("token-1");
      }
    }
  }

  @Test
  void mirror_isNotGivenATokenForAnAddressThatAnybodyCanRead() {
    AzureMlMlflow open =
        AzureMlMlflow.of(WORKSPACE, URI.create("http://mlflow.example" + PATH), credential);

    assertThatThrownBy(() -> open.mirror(experiments, ModelRegistry.inMemory()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("https:");
    assertThat(credential.count()).isZero();
  }

  @Test
  void address_isThatOfTheRegionUnlessGiven() {
    AzureMlMlflow byRegion = AzureMlMlflow.of(WORKSPACE, "westeurope", credential);
    AzureMlMlflow given = AzureMlMlflow.of(
        WORKSPACE, URI.create("azureml://westeurope.api.azureml.ms" + PATH), credential);

    assertThat(byRegion.uri()).isEqualTo(URI.create("https://westeurope.api.azureml.ms" + PATH));
    assertThat(given.mirror(experiments, ModelRegistry.inMemory()).build()).isNotNull();
    assertThat(byRegion.get().value()).isEqualTo("token-1");
    assertThat(byRegion.toString() + byRegion.get()).doesNotContain("token-");
    assertThatThrownBy(() -> AzureMlMlflow.of(WORKSPACE, "West Europe", credential))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("West Europe");
  }
}
