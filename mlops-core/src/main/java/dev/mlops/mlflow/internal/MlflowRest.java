package dev.mlops.mlflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.secret.Secret;
import dev.mlops.store.internal.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calls of MLflow's REST API that the mirror needs. Safe for use by several threads. */
public final class MlflowRest {
  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts/";
  private static final int MAX_MESSAGE = 300;
  private static final Set<Integer> CONCERN_ONE_REQUEST = Set.of(400, 403, 404, 409, 413, 422, 500);

  private final HttpClient http;
  private final String base;
  private final @Nullable Supplier<Secret> token;
  private final Duration timeout;
  private final Runnable beforeChange;

  public MlflowRest(
      URI server, @Nullable Supplier<Secret> token, Duration timeout, Runnable beforeChange) {
    this.http = HttpClient.newBuilder()
        .connectTimeout(timeout)
        .followRedirects(HttpClient.Redirect.NEVER) // a redirect must not carry the token away
        .build();
    this.base = server.toString().replaceFirst("/+$", "");
    this.token = token;
    this.timeout = timeout;
    this.beforeChange = beforeChange;
  }

  /** Checks an address; that of an Azure ML workspace differs in its scheme only. */
  public static URI requireServer(URI server) {
    String scheme = String.valueOf(server.getScheme());
    if (!Set.of("http", "https", "azureml").contains(scheme) || server.getHost() == null) {
      throw new InvalidInputException(
          "an MLflow server has an http:, https: or azureml: address, got " + server);
    }
    return scheme.equals("azureml")
        ? URI.create("https" + server.toString().substring("azureml".length()))
        : server;
  }

  public static void requireConfidential(URI server) {
    boolean local = Set.of("localhost", "127.0.0.1", "[::1]").contains(server.getHost());
    if (!"https".equals(server.getScheme()) && !local) {
      throw new InvalidInputException("a token is sent over https: only, got " + server);
    }
  }

  JsonNode post(String call, ObjectNode body) {
    return require(call, send("POST", API + call, json(body)));
  }

  JsonNode get(String call, Map<String, String> query) {
    return require(call, send("GET", API + call + query(query), BodyPublishers.noBody()));
  }

  /** Empty if the server says that the thing does not exist. */
  Optional<JsonNode> find(String call, Map<String, String> query) {
    HttpResponse<byte[]> response = send("GET", API + call + query(query), BodyPublishers.noBody());
    if (response.statusCode() == 404 || text(response).contains("RESOURCE_DOES_NOT_EXIST")) {
      return Optional.empty();
    }
    return Optional.of(require(call, response));
  }

  void delete(String call, ObjectNode body) {
    require(call, send("DELETE", API + call, json(body)));
  }

  /** Sends a file below the location of a run's artifacts. */
  void putArtifact(String path, byte[] content) {
    String encoded =
        Arrays.stream(path.split("/", -1)).map(MlflowRest::encode).collect(Collectors.joining("/"));
    HttpResponse<byte[]> response =
        send("PUT", ARTIFACTS + encoded, BodyPublishers.ofByteArray(content));
    if (response.statusCode() / 100 != 2) {
      throw failed("artifact", response);
    }
  }

  private static BodyPublisher json(ObjectNode body) {
    return BodyPublishers.ofByteArray(Json.write(body));
  }

  private static String query(Map<String, String> query) {
    return query.entrySet().stream()
        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
        .collect(Collectors.joining("&", query.isEmpty() ? "" : "?", ""));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<byte[]> send(String method, String path, BodyPublisher body) {
    if (!method.equals("GET")) {
      beforeChange.run(); // throws if another mirror is at work
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
        .timeout(timeout)
        .header("Content-Type", "application/json")
        .method(method, body);
    if (token != null) {
      authorize(request, token);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UnavailableException(this + " does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for " + this, e);
    }
  }

  private void authorize(HttpRequest.Builder request, Supplier<Secret> supplier) {
    String value;
    try {
      value = supplier.get().value();
    } catch (RuntimeException e) {
      throw new UnavailableException(
          "there is no token for " + this + ": its supplier threw "
              + e.getClass().getName(),
          e);
    }
    try {
      request.header("Authorization", "Bearer " + value);
    } catch (IllegalArgumentException e) { // its message shows the token
      throw new UnavailableException(
          "the token for " + this + " has characters that no HTTP header may have");
    }
  }

  private JsonNode require(String call, HttpResponse<byte[]> response) {
    if (response.statusCode() / 100 != 2) {
      throw failed(call, response);
    }
    try {
      return Json.tree(call, response.body());
    } catch (CorruptException e) {
      throw new UnavailableException(this + " answered " + call + " with something else", e);
    }
  }

  private RuntimeException failed(String call, HttpResponse<byte[]> response) {
    String text = text(response);
    String message = this + " answered " + call + " with " + response.statusCode() + ": "
        + text.substring(0, Math.min(text.length(), MAX_MESSAGE));
    return CONCERN_ONE_REQUEST.contains(response.statusCode())
        ? new RefusedException(message)
        : new UnavailableException(message);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "MLflow server " + URI.create(base).getHost();
  }
}
