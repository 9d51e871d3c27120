package dev.mlops.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An MLflow server in memory, for the calls that the mirror and the Java client make. It refuses
 * what {@link MlflowRules} refuse; as in the real one's SQL store, name, value, step and time are
 * the identity of a metric point.
 */
final class FakeMlflow implements AutoCloseable {
  static {
    // Without it the server holds back every answer until the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/2.0/mlflow/";
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";

  final Map<String, byte[]> files = new TreeMap<>();
  final List<String> calls = new ArrayList<>();
  final List<String> tokens = new ArrayList<>();
  private final Map<String, ObjectNode> experiments = new LinkedHashMap<>();
  private final Map<String, ObjectNode> runs = new LinkedHashMap<>();
  private final Map<String, Map<String, ObjectNode>> points = new LinkedHashMap<>();
  private final Map<String, ObjectNode> models = new LinkedHashMap<>();
  private final List<ObjectNode> versions = new ArrayList<>();
  private final HttpServer server;
  private int failAfter = Integer.MAX_VALUE;
  private boolean applyBeforeFailing;
  private String artifactScheme = "mlflow-artifacts:/";
  private Runnable meanwhile = () -> {};
  private Optional<String> refused = Optional.empty();
  private int refusal;

  FakeMlflow() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers 503 after some more calls, until told otherwise; maybe having done what was asked. */
  synchronized void failAfter(int more, boolean applied) {
    failAfter = calls.size() + more;
    applyBeforeFailing = applied;
  }

  synchronized void recover() {
    failAfter = Integer.MAX_VALUE;
    refused = Optional.empty();
  }

  /** Does something while a call is being served. */
  synchronized void meanwhile(Runnable action) {
    meanwhile = action;
  }

  /** Refuses every request whose body contains a text, until told otherwise. */
  synchronized void refuse(String text, int status) {
    refused = Optional.of(text);
    refusal = status;
  }

  /** Changes a tag of a run as a user of the real one can. */
  synchronized void editRunTag(String run, String key, String value) {
    put(
        (ArrayNode) require(runs.get(run)).path("data").path("tags"),
        JSON.createObjectNode().put("key", key).put("value", value));
  }

  /** Sets a tag of a version as a user of the real one can. */
  synchronized void editVersionTag(String model, String version, String key, String value) {
    setVersionTag(JSON.createObjectNode()
        .put("name", model)
        .put("version", version)
        .put("key", key)
        .put("value", value));
  }

  synchronized void artifactScheme(String scheme) {
    artifactScheme = scheme;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      calls.add(exchange.getRequestMethod() + " " + path);
      meanwhile.run();
      tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean fails = calls.size() > failAfter;
      if (fails && !applyBeforeFailing) {
        answer(exchange, 503, "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\"}");
        return;
      }
      int status = 200;
      String answer;
      try {
        answer = JSON.writeValueAsString(serve(exchange, path, body));
      } catch (Refusal e) {
        status = e.status;
        answer = String.valueOf(e.getMessage());
      } catch (MlflowRules.Refused e) {
        status = 400;
        answer = JSON.createObjectNode()
            .put("error_code", "INVALID_PARAMETER_VALUE")
            .put("message", e.getMessage())
            .toString();
      }
      if (fails) {
        answer(exchange, 503, "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\"}");
      } else {
        answer(exchange, status, answer);
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refusal(int status, String code) {
      super("{\"error_code\":\"" + code + "\",\"message\":\"" + code + "\"}");
      this.status = status;
    }
  }

  private JsonNode serve(HttpExchange exchange, String path, byte[] body) throws IOException {
    if (refused.isPresent() && new String(body, StandardCharsets.UTF_8).contains(refused.get())) {
      throw new Refusal(refusal, "REFUSED");
    }
    if (path.startsWith(FILES)) {
      files.put(MlflowRules.file(path.substring(FILES.length())), body);
      return JSON.createObjectNode();
    }
    ObjectNode in = body.length > 0
        ? (ObjectNode) JSON.readTree(body)
        : query(exchange.getRequestURI().getRawQuery());
    String call = exchange.getRequestMethod() + " " + path.substring(API.length());
    return switch (call) {
      case "GET experiments/get-by-name" ->
        wrap("experiment", require(experiments.get(in.path("experiment_name").asText())));
      case "POST experiments/create" -> createExperiment(in);
      case "POST runs/search" -> searchRuns(in);
      case "POST runs/create" -> createRun(in);
      case "POST runs/log-batch" -> logBatch(in, body.length);
      case "POST runs/update" -> updateRun(in);
      case "GET runs/get" -> wrap("run", require(runs.get(in.path("run_id").asText())));
      case "GET metrics/get-history" -> history(in);
      case "POST registered-models/create" -> createModel(in);
      case "GET registered-models/get" ->
        wrap("registered_model", require(models.get(in.path("name").asText())));
      case "POST registered-models/alias" ->
        setAlias(in, Optional.of(in.path("version").asText()));
      case "DELETE registered-models/alias" -> setAlias(in, Optional.empty());
      case "POST model-versions/create" -> createVersion(in);
      case "GET model-versions/search" -> searchVersions(in);
      case "GET model-versions/get" -> wrap("model_version", version(in));
      case "POST model-versions/set-tag" -> setVersionTag(in);
      case "DELETE model-versions/delete-tag" -> deleteVersionTag(in);
      default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND");
    };
  }

  private static ObjectNode query(String raw) {
    ObjectNode node = JSON.createObjectNode();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int eq = pair.indexOf('=');
        node.put(
            URLDecoder.decode(pair.substring(0, eq), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(eq + 1), StandardCharsets.UTF_8));
      }
    }
    return node;
  }

  private static ObjectNode wrap(String name, JsonNode node) {
    ObjectNode wrapped = JSON.createObjectNode();
    wrapped.set(name, node);
    return wrapped;
  }

  private static <T> T require(@Nullable T found) {
    if (found == null) {
      throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST");
    }
    return found;
  }

  private ObjectNode createExperiment(ObjectNode in) {
    String name = in.path("name").asText();
    if (experiments.containsKey(name)) {
      throw new Refusal(400, "RESOURCE_ALREADY_EXISTS");
    }
    String id = Integer.toString(experiments.size() + 1);
    experiments.put(name, JSON.createObjectNode().put("experiment_id", id).put("name", name));
    return JSON.createObjectNode().put("experiment_id", id);
  }

  private ObjectNode searchRuns(ObjectNode in) {
    Matcher filter = Pattern.compile("tags\\.`([^`]+)` = '([^']*)'")
        .matcher(in.path("filter").asText());
    if (!filter.matches()) {
      throw new Refusal(400, "INVALID_PARAMETER_VALUE");
    }
    ObjectNode out = JSON.createObjectNode();
    ArrayNode found = out.putArray("runs");
    for (ObjectNode run : runs.values()) {
      boolean inExperiment = in.path("experiment_ids")
          .path(0)
          .asText()
          .equals(run.path("info").path("experiment_id").asText());
      if (inExperiment && filter.group(2).equals(tag(run.path("data"), filter.group(1)))) {
        found.add(run);
      }
    }
    return out;
  }

  private static @Nullable String tag(JsonNode holder, String key) {
    for (JsonNode tag : holder.path("tags")) {
      if (tag.path("key").asText().equals(key)) {
        return tag.path("value").asText();
      }
    }
    return null;
  }

  private ObjectNode createRun(ObjectNode in) {
    String id = String.format("%032x", runs.size() + 1);
    in.path("tags").forEach(MlflowRules::tag);
    ObjectNode run = JSON.createObjectNode();
    String experiment = in.path("experiment_id").asText();
    run.putObject("info")
        .put("run_id", id)
        .put("run_uuid", id)
        .put("experiment_id", experiment)
        .put("run_name", in.path("run_name").asText())
        .put("status", "RUNNING")
        .put("start_time", in.path("start_time").asLong())
        .put("artifact_uri", artifactScheme + experiment + "/" + id + "/artifacts");
    ObjectNode data = run.putObject("data");
    data.putArray("metrics");
    data.putArray("params");
    data.set("tags", in.path("tags").deepCopy());
    runs.put(id, run);
    points.put(id, new LinkedHashMap<>());
    return wrap("run", run);
  }

  private ObjectNode logBatch(ObjectNode in, int bytes) {
    ObjectNode run = require(runs.get(in.path("run_id").asText()));
    MlflowRules.batch(in, bytes);
    in.path("tags").forEach(tag -> put((ArrayNode) run.path("data").path("tags"), tag));
    for (JsonNode param : in.path("params")) {
      for (JsonNode known : run.path("data").path("params")) {
        if (known.path("key").equals(param.path("key")) && !known.equals(param)) {
          throw new Refusal(400, "INVALID_PARAMETER_VALUE");
        }
      }
      put((ArrayNode) run.path("data").path("params"), param);
    }
    for (JsonNode metric : in.path("metrics")) {
      require(points.get(in.path("run_id").asText())).put(metric.toString(), (ObjectNode) metric);
      put((ArrayNode) run.path("data").path("metrics"), metric);
    }
    return JSON.createObjectNode();
  }

  private static void put(ArrayNode entries, JsonNode entry) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).path("key").equals(entry.path("key"))) {
        entries.set(i, entry);
        return;
      }
    }
    entries.add(entry);
  }

  private ObjectNode updateRun(ObjectNode in) {
    ObjectNode info = (ObjectNode) require(runs.get(in.path("run_id").asText())).path("info");
    info.put("status", in.path("status").asText())
        .put("end_time", in.path("end_time").asLong());
    return wrap("run_info", info);
  }

  private ObjectNode history(ObjectNode in) {
    ObjectNode out = JSON.createObjectNode();
    ArrayNode metrics = out.putArray("metrics");
    require(points.get(in.path("run_id").asText())).values().stream()
        .filter(point -> point.path("key").equals(in.path("metric_key")))
        .forEach(metrics::add);
    return out;
  }

  private ObjectNode createModel(ObjectNode in) {
    String name = in.path("name").asText();
    ObjectNode model = JSON.createObjectNode().put("name", name);
    model.putArray("aliases");
    models.put(name, model);
    return wrap("registered_model", model);
  }

  private ObjectNode setAlias(ObjectNode in, Optional<String> version) {
    MlflowRules.alias(in.path("alias").asText());
    version.ifPresent(number -> version(in));
    ArrayNode aliases =
        (ArrayNode) require(models.get(in.path("name").asText())).path("aliases");
    for (int i = aliases.size() - 1; i >= 0; i--) {
      if (aliases.get(i).path("alias").equals(in.path("alias"))) {
        aliases.remove(i);
      }
    }
    version.ifPresent(number ->
        aliases.addObject().put("alias", in.path("alias").asText()).put("version", number));
    return JSON.createObjectNode();
  }

  private ObjectNode createVersion(ObjectNode in) {
    String name = in.path("name").asText();
    require(models.get(name));
    in.path("tags").forEach(MlflowRules::tag);
    long number =
        versions.stream().filter(v -> v.path("name").asText().equals(name)).count() + 1;
    ObjectNode version = in.deepCopy();
    version.put("version", Long.toString(number)).put("status", "READY");
    versions.add(version);
    return wrap("model_version", version);
  }

  private ObjectNode searchVersions(ObjectNode in) {
    ObjectNode out = JSON.createObjectNode();
    ArrayNode found = out.putArray("model_versions");
    versions.stream()
        .filter(v -> in.path("filter").asText().equals("name='" + v.path("name").asText() + "'"))
        .forEach(found::add);
    return out;
  }

  private ObjectNode version(ObjectNode in) {
    return require(versions.stream()
        .filter(v -> v.path("name").equals(in.path("name"))
            && v.path("version").asText().equals(in.path("version").asText()))
        .findFirst()
        .orElse(null));
  }

  private ObjectNode setVersionTag(ObjectNode in) {
    MlflowRules.tag(in);
    put((ArrayNode) version(in).path("tags"), in.deepCopy().retain("key", "value"));
    return JSON.createObjectNode();
  }

  private ObjectNode deleteVersionTag(ObjectNode in) {
    ArrayNode tags = (ArrayNode) version(in).path("tags");
    for (int i = tags.size() - 1; i >= 0; i--) {
      if (tags.get(i).path("key").equals(in.path("key"))) {
        tags.remove(i);
      }
    }
    return JSON.createObjectNode();
  }
}
