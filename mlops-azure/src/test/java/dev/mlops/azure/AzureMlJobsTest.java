package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.azure.peer.Loopback;
import dev.mlops.azure.peer.Loopback.Reply;
import dev.mlops.azure.peer.StaticCredential;
import dev.mlops.azure.peer.TestCertificate;
import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AzureMlJobsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WORKSPACE =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

  private final Deque<Reply> replies = new ArrayDeque<>();
  private final Loopback server = Loopback.https(request -> {
    Reply next = replies.poll();
    return next == null ? Reply.json(500, "{\"error\":{\"code\":\"NoMoreReplies\"}}") : next;
  });
  private final AzureMlJobs jobs = AzureMlJobs.builder(
          new AzureMlWorkspace("s", "g", "w", URI.create(server.url())), new StaticCredential())
      .httpClient(TestCertificate.get().trustingClient())
      .requestTimeout(Duration.ofSeconds(10))
      .pollEvery(Duration.ofMillis(20))
      .operationTimeout(Duration.ofSeconds(5))
      .build();
  private final CommandJob job =
      CommandJob.builder("java -jar train.jar", "env", "cpu").build();

  @AfterEach
  void stop() {
    server.close();
  }

  private void reply(int status, String body) {
    replies.add(Reply.json(status, body));
  }

  private static String state(String status) {
    return "{\"name\":\"j1\",\"properties\":{\"status\":\"" + status
        + "\",\"services\":{\"Studio\":{\"endpoint\":\"https://studio/j1\"}}}}";
  }

  @Test
  void submit_putsTheBodyWithTokenAndVersion() throws Exception {
    reply(201, state("NotStarted"));

    JobInfo info = jobs.submit("j1", job);

    assertThat(info.status()).isEqualTo(JobInfo.Status.NOT_STARTED);
    assertThat(info.studio()).contains("https://studio/j1");
    var request = server.requests().get(0);
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.path()).isEqualTo(WORKSPACE + "/jobs/j1");
    assertThat(request.query()).isEqualTo("api-version=2024-10-01");
    assertThat(request.header("Authorization")).isEqualTo("Bearer token-1");
    assertThat(JSON.readTree(request.text())).isEqualTo(JSON.readTree(job.toJson()));
  }

  @Test
  void submit_whenThrottled_waitsAsToldAndTriesAgain() {
    replies.add(Reply.json(429, "").with("Retry-After", "1"));
    reply(201, state("Starting"));
    long start = System.nanoTime();

    jobs.submit("j1", job);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void submit_whenThrottledBeyondTheTimeout_isUnavailable() {
    replies.add(Reply.json(429, "").with("Retry-After", "3600"));
    AzureMlJobs hasty = AzureMlJobs.builder(
            new AzureMlWorkspace("s", "g", "w", URI.create(server.url())), new StaticCredential())
        .httpClient(TestCertificate.get().trustingClient())
        .requestTimeout(Duration.ofSeconds(1))
        .build();

    assertThatThrownBy(() -> hasty.submit("j1", job))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("submitting job 'j1'")
        .hasMessageContaining("PT1S");
  }

  @Test
  void errors_areTheKindsACallerCanActOn() {
    String error = "{\"error\":{\"code\":\"UserError\",\"message\":\"because\"}}";
    reply(409, error);
    assertThatThrownBy(() -> jobs.submit("j1", job))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("409 (UserError: because)");
    reply(404, error);
    assertThatThrownBy(() -> jobs.get("j1")).isInstanceOf(NotFoundException.class);
    reply(400, error);
    assertThatThrownBy(() -> jobs.submit("j1", job)).isInstanceOf(InvalidInputException.class);
    // Twice: the first is tried again with a new token.
    reply(401, error);
    reply(401, error);
    assertThatThrownBy(() -> jobs.get("j1"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("token is not accepted")
        .hasMessageNotContaining("token-");
    reply(403, error);
    assertThatThrownBy(() -> jobs.get("j1"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("role");
    reply(200, "<html>");
    assertThatThrownBy(() -> jobs.get("j1")).isInstanceOf(CorruptException.class);
    assertThatThrownBy(() -> jobs.get("../x"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("../x");
  }

  @Test
  void get_whoseTokenIsNoLongerAccepted_asksForANewOneOnce() {
    reply(200, state("Running"));
    reply(401, "{}");
    reply(200, state("Running"));
    jobs.get("j1");

    jobs.get("j1");

    assertThat(server.requests())
        .extracting(request -> request.header("Authorization"))
        .containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-2");
  }

  @Test
  void submit_whoseAnswerWasLost_knowsItsOwnJobByWhatItAsksFor() throws Exception {
    ObjectNode there = (ObjectNode) JSON.readTree(job.toJson());
    there.put("name", "j1");
    there.withObject("/properties").put("status", "Queued");
    reply(500, "");
    reply(409, "{}");
    reply(200, there.toString());

    assertThat(jobs.submit("j1", job).status()).isEqualTo(JobInfo.Status.QUEUED);

    there.withObject("/properties").put("command", "rm -r /");
    reply(500, "");
    reply(409, "{}");
    reply(200, there.toString());
    assertThatThrownBy(() -> jobs.submit("j1", job)).isInstanceOf(ConflictException.class);
    assertThat(server.requests()).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Completed", "Failed", "Canceled", "NotResponding", "Paused"})
  void states_endWithEveryStateThatEndsByItself(String last) {
    reply(200, state("Running"));
    reply(200, state(last));

    assertThat(jobs.states("j1", Duration.ofMillis(5))).hasSize(2);
  }

  @Test
  void states_tellsEveryChangeAndEndsWithTheJob() {
    for (String status : List.of(
        "NotStarted", "Queued", "Queued", "Running", "CancelRequested", "Inventing", "Canceled")) {
      reply(200, state(status));
    }

    List<JobInfo.Status> seen =
        jobs.states("j1", Duration.ofMillis(5)).map(JobInfo::status).toList();

    assertThat(seen)
        .containsExactly(
            JobInfo.Status.NOT_STARTED,
            JobInfo.Status.QUEUED,
            JobInfo.Status.RUNNING,
            JobInfo.Status.CANCEL_REQUESTED,
            JobInfo.Status.UNKNOWN,
            JobInfo.Status.CANCELED);
  }

  @Test
  void cancel_posts() {
    reply(202, "");

    jobs.cancel("j1");

    assertThat(server.requests().get(0).method()).isEqualTo("POST");
    assertThat(server.requests().get(0).path()).isEqualTo(WORKSPACE + "/jobs/j1/cancel");
  }

  @Test
  void registerModel_putsTheVersion() throws Exception {
    reply(201, "{}");
    AzureMlModel model = AzureMlModel.builder("azureml://x", "custom_model").build();

    jobs.registerModel("fraud", "3", model);

    var request = server.requests().get(0);
    assertThat(request.path()).isEqualTo(WORKSPACE + "/models/fraud/versions/3");
    assertThat(JSON.readTree(request.text())).isEqualTo(JSON.readTree(model.toJson()));
  }

  private static final String ENDPOINT =
      "{\"id\":\"/x\",\"name\":\"e\",\"type\":\"t\",\"location\":\"westeurope\","
          + "\"tags\":{\"team\":\"risk\"},\"kind\":\"Managed\",\"systemData\":{\"createdBy\":\"me\"},"
          + "\"identity\":{\"type\":\"SystemAssigned\",\"principalId\":\"p\",\"tenantId\":\"t\"},"
          + "\"properties\":{\"authMode\":\"AMLToken\",\"description\":\"d\",\"scoringUri\":\"https://s\","
          + "\"provisioningState\":\"Succeeded\",\"traffic\":{\"blue\":100,\"green\":0},"
          + "\"mirrorTraffic\":{\"green\":10}}}";

  @Test
  void setTraffic_writesTheEndpointWholeAndFollowsTheOperation() throws Exception {
    reply(200, ENDPOINT);
    replies.add(Reply.json(202, "")
        .with("Azure-AsyncOperation", server.url() + WORKSPACE + "/operations/1?api-version=x"));
    reply(200, "{\"status\":\"InProgress\"}");
    reply(200, "{\"status\":\"Succeeded\"}");
    reply(200, ENDPOINT);

    jobs.setTraffic("e", Map.of("blue", 90, "green", 10));

    var put = server.requests().get(1);
    assertThat(put.method()).isEqualTo("PUT");
    assertThat(JSON.readTree(put.text()))
        .isEqualTo(
            JSON.readTree(
                "{\"location\":\"westeurope\",\"tags\":{\"team\":\"risk\"},\"kind\":\"Managed\","
                    + "\"identity\":{\"type\":\"SystemAssigned\"},\"properties\":{\"authMode\":\"AMLToken\","
                    + "\"description\":\"d\",\"traffic\":{\"blue\":90,\"green\":10},\"mirrorTraffic\":{\"green\":10}}}"));
    assertThat(server.requests()).hasSize(5);
  }

  @Test
  void setTraffic_onThePublishedExample_changesTheTrafficOnly() throws Exception {
    ObjectNode published = PublishedExamples.body("OnlineEndpoint").deepCopy();
    ObjectNode answered = published.deepCopy();
    answered.put("id", "/x").put("name", "testEndpointName");
    answered
        .withObject("/properties")
        .put("scoringUri", "string")
        .put("provisioningState", "Succeeded");
    ((ObjectNode) answered.get("identity")).put("principalId", "p");
    reply(200, answered.toString());
    reply(200, answered.toString());

    jobs.setTraffic("testEndpointName", Map.of("string", 100));

    published.withObject("/properties/traffic").put("string", 100);
    assertThat(JSON.readTree(server.requests().get(1).text())).isEqualTo(published);
  }

  @Test
  void setMirrorTraffic_whileProvisioning_looksAtTheEndpoint() throws Exception {
    reply(200, ENDPOINT);
    reply(200, ENDPOINT.replace("Succeeded", "Updating"));
    reply(200, ENDPOINT.replace("Succeeded", "Updating"));
    reply(200, ENDPOINT);

    jobs.setMirrorTraffic("e", Map.of("green", 50));

    assertThat(JSON.readTree(server.requests().get(1).text())
            .at("/properties/mirrorTraffic/green")
            .asInt())
        .isEqualTo(50);
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void setTraffic_acceptedWithALocationOnly_followsIt() {
    reply(200, ENDPOINT);
    replies.add(Reply.json(202, "").with("Location", server.url() + WORKSPACE + "/results/1"));
    reply(202, "");
    reply(200, ENDPOINT);
    reply(200, ENDPOINT);

    jobs.setTraffic("e", Map.of("blue", 100));

    assertThat(server.requests())
        .extracting(request -> request.path().substring(WORKSPACE.length()))
        .containsExactly(
            "/onlineEndpoints/e",
            "/onlineEndpoints/e",
            "/results/1",
            "/results/1",
            "/onlineEndpoints/e");
  }

  @Test
  void setTraffic_acceptedWithoutAnAddress_looksAtTheEndpoint() {
    reply(200, ENDPOINT);
    reply(202, "");
    reply(200, ENDPOINT.replace("Succeeded", "Failed"));

    assertThatThrownBy(() -> jobs.setTraffic("e", Map.of("blue", 100)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Failed");
  }

  @Test
  void setTraffic_thatFailsOrDoesNotEnd_isTold() {
    reply(200, ENDPOINT);
    reply(200, ENDPOINT.replace("Succeeded", "Failed"));
    assertThatThrownBy(() -> jobs.setTraffic("e", Map.of("blue", 100)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Failed");

    reply(200, ENDPOINT);
    replies.add(Reply.json(202, "")
        .with("Azure-AsyncOperation", server.url() + "/op")
        .with("Retry-After", "60"));
    assertThatThrownBy(() -> jobs.setTraffic("e", Map.of("blue", 100)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("still InProgress");
  }

  @Test
  void setTraffic_whenTheOperationIsElsewhere_sendsNoTokenThere() {
    AtomicInteger asked = new AtomicInteger();
    try (Loopback elsewhere = Loopback.https(request -> {
      asked.incrementAndGet();
      return Reply.json(200, "{\"status\":\"Succeeded\"}");
    })) {
      reply(200, ENDPOINT);
      replies.add(Reply.json(202, "").with("Azure-AsyncOperation", elsewhere.url() + "/op"));

      assertThatThrownBy(() -> jobs.setTraffic("e", Map.of("blue", 100)))
          .isInstanceOf(CorruptException.class);
      assertThat(asked).hasValue(0);
    }
  }

  @Test
  void setTraffic_ofWrongShares_sendsNothing() {
    assertThatThrownBy(() -> jobs.setTraffic("e", Map.of("blue", 90, "green", 20)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> jobs.setTraffic("e", Map.of("blue", 90)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("sum to 100");
    assertThatThrownBy(() -> jobs.setMirrorTraffic("e", Map.of("blue", 51)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("got 51");
    assertThat(server.requests()).isEmpty();
  }
}
