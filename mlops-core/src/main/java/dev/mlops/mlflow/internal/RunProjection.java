package dev.mlops.mlflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.store.internal.Json;
import dev.mlops.tracking.Experiments;
import dev.mlops.tracking.MetricPoint;
import dev.mlops.tracking.RunArtifact;
import dev.mlops.tracking.RunRecord;
import dev.mlops.tracking.RunStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/*
 * A run is found again by its tag mlops.run. Metrics are sent in order, 999 at a time, each batch
 * with the tag mlops.points that says how many were sent in all: MLflow takes 1000 entries of all
 * kinds at once (mlflow/utils/validation.py). If the answer to a batch is lost, or the tag was
 * changed by hand, points are sent again. In MLflow's SQL store name, value, step and time are the
 * primary key of a point, so nothing is doubled (and points that are equal in all four are one);
 * its file store appends each point that it gets. The status is set last, so a run that is not
 * RUNNING there is complete.
 */

/** Projects runs. One instance per synchronisation. */
public final class RunProjection {
  static final String RUN_TAG = "mlops.run";
  private static final String POINTS_TAG = "mlops.points";
  private static final int METRICS = 999; // and one tag
  private static final int ENTRIES = 30; // the longest stay below a request's 1e6 bytes
  private static final int MAX_PARAM = 500; // what MLflow before 2.8 accepts
  static final int MAX_TAG = 5000;

  private final MlflowRest rest;
  private final Experiments experiments;
  private final Counts counts;
  private final Map<String, JsonNode> mirrored = new HashMap<>();

  public RunProjection(MlflowRest rest, Experiments experiments, Counts counts) {
    this.rest = rest;
    this.experiments = experiments;
    this.counts = counts;
  }

  public void sync() {
    for (String name : experiments.names()) {
      counts.attempt("experiment " + name, () -> {
        List<RunRecord> runs = experiments.runs(name);
        String experiment = experiment(name);
        for (RunRecord run : runs) {
          counts.attempt("run " + run.id(), () -> sync(experiment, run));
        }
      });
    }
  }

  /** Finds or creates an experiment. */
  String experiment(String name) {
    return rest.find("experiments/get-by-name", Map.of("experiment_name", name))
        .map(found -> found.path("experiment").path("experiment_id").asText())
        .orElseGet(() -> rest.post("experiments/create", Json.object().put("name", name))
            .path("experiment_id")
            .asText());
  }

  /** The run there of a run here, if it was mirrored. */
  Optional<JsonNode> mirrored(String id) {
    return Optional.ofNullable(mirrored.get(id));
  }

  private void sync(String experiment, RunRecord run) {
    JsonNode there = findOrCreate(experiment, RUN_TAG, run.id(), run.name(), run.started());
    mirrored.put(run.id(), there);
    String status = there.path("info").path("status").asText();
    if (!status.equals("RUNNING")) {
      return;
    }
    String id = id(there);
    Map<String, String> tags = tags(there);
    boolean isNew = !tags.containsKey(POINTS_TAG);
    int sent = sent(tags, run);
    boolean ended = run.status() != RunStatus.RUNNING;
    if (!isNew && !ended && sent == run.points().size()) {
      return;
    }
    entries(id, run);
    points(id, run, sent);
    artifacts(there, run);
    if (ended) {
      end(there, run.status() == RunStatus.FINISHED, run.ended().orElse(run.started()));
    }
    counts.runs++;
  }

  /** How many points the server says it has; none if somebody made something else of the tag. */
  private static int sent(Map<String, String> tags, RunRecord run) {
    try {
      int sent = Integer.parseInt(tags.getOrDefault(POINTS_TAG, "0"));
      return sent >= 0 && sent <= run.points().size() ? sent : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  void end(JsonNode run, boolean finished, Instant at) {
    rest.post(
        "runs/update",
        Json.object()
            .put("run_id", id(run))
            .put("status", finished ? "FINISHED" : "FAILED")
            .put("end_time", at.toEpochMilli()));
  }

  JsonNode findOrCreate(String experiment, String tag, String value, String name, Instant started) {
    ObjectNode search = Json.object().put("filter", "tags.`" + tag + "` = '" + value + "'");
    search.putArray("experiment_ids").add(experiment);
    JsonNode found = rest.post("runs/search", search).path("runs").path(0);
    if (found.isObject()) {
      return found;
    }
    ObjectNode create = Json.object()
        .put("experiment_id", experiment)
        .put("run_name", name)
        .put("start_time", started.toEpochMilli());
    create.putArray("tags").addObject().put("key", tag).put("value", value);
    return rest.post("runs/create", create).path("run");
  }

  static String id(JsonNode run) {
    return run.path("info").path("run_id").asText();
  }

  static Map<String, String> tags(JsonNode run) {
    var tags = new HashMap<String, String>();
    run.path("data")
        .path("tags")
        .forEach(tag -> tags.put(tag.path("key").asText(), tag.path("value").asText()));
    return tags;
  }

  private void entries(String id, RunRecord run) {
    var params = new LinkedHashMap<String, String>();
    run.params()
        .forEach((name, value) ->
            params.put(MlflowNames.entry(name), MlflowNames.text(value, MAX_PARAM)));
    batches(id, "params", params);
    var tags = new LinkedHashMap<String, String>();
    run.tags().forEach((key, value) -> tags.put(MlflowNames.userTag(key), value));
    run.lineage()
        .forEach((name, value) -> tags.put(MlflowNames.entry("mlops.lineage." + name), value));
    tags.put("mlops.actor", run.actor());
    run.parent()
        .flatMap(this::mirrored)
        .ifPresent(parent -> tags.put("mlflow.parentRunId", id(parent)));
    run.failure().ifPresent(failure -> tags.put("mlops.failure", failure));
    tags.replaceAll((key, value) -> MlflowNames.text(value, MAX_TAG));
    batches(id, "tags", tags);
  }

  private void batches(String id, String kind, Map<String, String> entries) {
    var names = List.copyOf(entries.keySet());
    for (int from = 0; from < names.size(); from += ENTRIES) {
      ObjectNode batch = Json.object().put("run_id", id);
      ArrayNode array = batch.putArray(kind);
      for (String name : names.subList(from, Math.min(names.size(), from + ENTRIES))) {
        array.addObject().put("key", name).put("value", entries.get(name));
      }
      rest.post("runs/log-batch", batch);
    }
  }

  private void points(String id, RunRecord run, int sent) {
    int from = sent;
    do {
      int to = Math.min(run.points().size(), from + METRICS);
      ObjectNode batch = Json.object().put("run_id", id);
      ArrayNode metrics = batch.putArray("metrics");
      for (MetricPoint point : run.points().subList(from, to)) {
        ObjectNode metric = metrics.addObject().put("key", MlflowNames.entry(point.name()));
        Json.putNumber(metric, "value", point.value());
        metric.put("timestamp", point.at().toEpochMilli()).put("step", point.step());
      }
      batch.putArray("tags").addObject().put("key", POINTS_TAG).put("value", Integer.toString(to));
      rest.post("runs/log-batch", batch);
      counts.points += to - from;
      from = to;
    } while (from < run.points().size());
  }

  private void artifacts(JsonNode there, RunRecord run) {
    Optional<String> root = artifactRoot(there);
    for (RunArtifact artifact : run.artifacts().values()) {
      if (root.isPresent()) {
        rest.putArtifact(
            root.get() + "/" + MlflowNames.file(artifact.name()),
            experiments.read(run, artifact.name()));
        counts.artifacts++;
      } else {
        String key = MlflowNames.entry("mlops.artifact." + artifact.name());
        batches(id(there), "tags", Map.of(key, artifact.sha256()));
      }
    }
  }

  /** Where a run's files go, if the server takes them itself. */
  static Optional<String> artifactRoot(JsonNode run) {
    String uri = run.path("info").path("artifact_uri").asText();
    return uri.startsWith("mlflow-artifacts:/")
        ? Optional.of(uri.replaceFirst("mlflow-artifacts:/+", ""))
        : Optional.empty();
  }
}
