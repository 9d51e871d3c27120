package dev.mlops.azure.internal;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.core.http.policy.ExponentialBackoffOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.core.util.Context;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mlops.azure.AzureMlWorkspace;
import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Talks to Azure Resource Manager about one workspace. Safe for use by several threads. */
public final class ArmClient {
  private static final String API_VERSION = "2024-10-01";
  private static final int ACCEPTED = 202;
  private static final String IN_PROGRESS = "InProgress";
  private static final String UNANSWERED = "mlops-unanswered";
  private static final HttpHeaderName ASYNC_OPERATION =
      HttpHeaderName.fromString("Azure-AsyncOperation");

  private final AzureMlWorkspace workspace;
  private final Supplier<HttpPipeline> pipelines;
  private volatile HttpPipeline pipeline;
  private final Duration timeout;
  private final Duration pollEvery;

  /**
   * Creates a client.
   *
   * @param workspace the workspace
   * @param credential the identity
   * @param http does the sending
   * @param timeout how long one request may take with all its retries
   * @param pollEvery how often a long-running operation is looked at unless the service says
   */
  public ArmClient(
      AzureMlWorkspace workspace,
      TokenCredential credential,
      HttpClient http,
      Duration timeout,
      Duration pollEvery) {
    this.workspace = workspace;
    this.timeout = timeout;
    this.pollEvery = pollEvery;
    this.pipelines = () -> new HttpPipelineBuilder()
        .httpClient(http)
        .policies(
            new RetryPolicy(new RetryOptions(new ExponentialBackoffOptions()
                .setMaxRetries(4)
                .setBaseDelay(Duration.ofMillis(400))
                .setMaxDelay(Duration.ofSeconds(8)))),
            ArmClient::noteFailure,
            new BearerTokenAuthenticationPolicy(credential, workspace.management() + "/.default"))
        .build();
    this.pipeline = pipelines.get();
  }

  /** Reads something under the workspace. */
  public JsonNode get(String path, String what) {
    return send(HttpMethod.GET, address(path), null, what).body();
  }

  /** Posts to something under the workspace, without a body. */
  public void post(String path, String what) {
    send(HttpMethod.POST, address(path), null, what);
  }

  /**
   * Writes something new under the workspace; returns what the service answered at once. When an
   * attempt got no answer and the next finds the name taken, what is there is looked at: if it is
   * what was to be written, it was.
   */
  public JsonNode put(String path, String body, String what) {
    AtomicBoolean unanswered = new AtomicBoolean();
    try {
      return send(HttpMethod.PUT, address(path), body, what, unanswered).body();
    } catch (ConflictException e) {
      if (unanswered.get()) {
        JsonNode there = get(path, what);
        if (JobJson.covers(there, json(body, 200, what))) {
          return there;
        }
      }
      throw e;
    }
  }

  private static Mono<HttpResponse> noteFailure(
      HttpPipelineCallContext call, HttpPipelineNextPolicy next) {
    AtomicBoolean unanswered =
        (AtomicBoolean) call.getData(UNANSWERED).orElseGet(AtomicBoolean::new);
    return next.process()
        .doOnError(error -> unanswered.set(true))
        .doOnNext(response -> unanswered.compareAndSet(false, response.getStatusCode() >= 500));
  }

  /** Writes something under the workspace and waits until the service has done it. */
  public JsonNode putAndWait(String path, String body, Duration atMost, String what) {
    long deadline = System.nanoTime() + atMost.toNanos();
    Answer answer = send(HttpMethod.PUT, address(path), body, what);
    String operation = answer.headers().getValue(ASYNC_OPERATION);
    String location = answer.headers().getValue(HttpHeaderName.LOCATION);
    Duration wait = wait(answer);
    String state = operation == null ? provisioning(answer) : IN_PROGRESS;
    JsonNode last = answer.body();
    while (!isTerminal(state)) {
      if (System.nanoTime() + wait.toNanos() > deadline) {
        throw new UnavailableException(
            what + " is still " + state + " after " + atMost + "; it may finish later");
      }
      sleep(wait, what);
      if (operation != null) {
        Answer polled = send(HttpMethod.GET, sameHost(operation, what), null, what);
        state = polled.body().path("status").asText(IN_PROGRESS);
        last = polled.body();
        wait = wait(polled);
      } else if (location != null && answer.status() == ACCEPTED) {
        Answer polled = send(HttpMethod.GET, sameHost(location, what), null, what);
        state = provisioning(polled);
        last = polled.body();
        wait = wait(polled);
      } else {
        last = get(path, what);
        state = last.path("properties").path("provisioningState").asText("Succeeded");
      }
    }
    if (!"succeeded".equals(state.toLowerCase(Locale.ROOT))) {
      JsonNode error = last.path("error");
      throw new ConflictException(
          what + " ended as " + state + (error.isMissingNode() ? "" : ": " + reason(error)));
    }
    return operation == null && answer.status() != ACCEPTED ? last : get(path, what);
  }

  /** 202 says that it is not done; another answer that names no state, that it is. */
  private static String provisioning(Answer answer) {
    return answer.status() == ACCEPTED
        ? IN_PROGRESS
        : answer.body().path("properties").path("provisioningState").asText("Succeeded");
  }

  private static boolean isTerminal(String state) {
    return switch (state.toLowerCase(Locale.ROOT)) {
      case "succeeded", "failed", "canceled" -> true;
      default -> false;
    };
  }

  private Duration wait(Answer answer) {
    return RetryAfter.parse(answer.headers().getValue(HttpHeaderName.RETRY_AFTER), Instant.now())
        .orElse(pollEvery);
  }

  /** Waits; an interrupt is an answer too. */
  public static void sleep(Duration time, String what) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for " + what, e);
    }
  }

  private String address(String path) {
    return workspace.management() + workspace.resourceId() + path
        + (path.indexOf('?') < 0 ? "?" : "&") + "api-version=" + API_VERSION;
  }

  /** An operation is only looked at where its request went: the token goes nowhere else. */
  private String sameHost(String operation, String what) {
    URI uri = URI.create(operation);
    URI home = workspace.management();
    if (!"https".equals(uri.getScheme())
        || !home.getAuthority().equalsIgnoreCase(uri.getAuthority())) {
      throw new CorruptException(what + ": the operation to look at must be at "
          + home.getAuthority() + ", got " + uri.getAuthority());
    }
    return operation;
  }

  private Answer send(HttpMethod method, String address, @Nullable String body, String what) {
    return send(method, address, body, what, new AtomicBoolean());
  }

  private Answer send(
      HttpMethod method,
      String address,
      @Nullable String body,
      String what,
      AtomicBoolean unanswered) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Exchanged exchanged = exchange(method, address, body, what, unanswered, deadline);
    if (exchanged.response().getStatusCode() == 401) {
      // The pipeline keeps a token until it expires, also one that is no longer accepted.
      pipeline = pipelines.get();
      exchanged = exchange(method, address, body, what, unanswered, deadline);
    }
    int status = exchanged.response().getStatusCode();
    JsonNode json = json(exchanged.text(), status, what);
    if (status >= 400) {
      throw failure(status, json, what);
    }
    return new Answer(status, exchanged.response().getHeaders(), json);
  }

  private Exchanged exchange(
      HttpMethod method,
      String address,
      @Nullable String body,
      String what,
      AtomicBoolean unanswered,
      long deadline) {
    HttpRequest request = new HttpRequest(method, address);
    request.getHeaders().set(HttpHeaderName.ACCEPT, "application/json");
    if (body != null) {
      request.getHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/json");
      request.setBody(body);
    } else if (method == HttpMethod.POST) {
      request.setBody("");
    }
    try {
      return pipeline
          .send(request, new Context(UNANSWERED, unanswered))
          .flatMap(response -> response
              .getBodyAsString()
              .defaultIfEmpty("")
              .map(content -> new Exchanged(response, content)))
          .blockOptional(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())))
          .orElseThrow(() -> new UnavailableException(what + ": no answer"));
    } catch (MlopsException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new UnavailableException(
          what + ": no usable answer from " + workspace.management().getHost() + " within "
              + timeout + ": " + Failures.reason(e),
          e);
    }
  }

  private static JsonNode json(String text, int status, String what) {
    if (text.isBlank()) {
      return MissingNode.getInstance();
    }
    try {
      return JobJson.read(text);
    } catch (JsonProcessingException e) {
      if (status >= 400) {
        return MissingNode.getInstance();
      }
      throw new CorruptException(what + ": the answer is no JSON", e);
    }
  }

  private static MlopsException failure(int status, JsonNode body, String what) {
    String message = what + " was answered with " + status + reason(body.path("error"));
    return switch (status) {
      case 404 -> new NotFoundException(message);
      case 409, 412 -> new ConflictException(message);
      case 400, 405, 413, 415, 422 -> new InvalidInputException(message);
      case 401 ->
        new UnavailableException(
            message
                + "; the identity's token is not accepted: check its tenant and that it is not expired");
      case 403 ->
        new UnavailableException(
            message + "; the identity needs the role AzureML Data Scientist on the workspace");
      default -> new UnavailableException(message);
    };
  }

  private static String reason(JsonNode error) {
    String code = error.path("code").asText("");
    String message = error.path("message").asText("");
    String both = code.isEmpty() ? message : code + (message.isEmpty() ? "" : ": " + message);
    return both.isEmpty() ? "" : " (" + Failures.line(both) + ")";
  }

  private record Exchanged(HttpResponse response, String text) {}

  private record Answer(int status, HttpHeaders headers, JsonNode body) {}
}
