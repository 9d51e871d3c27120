package dev.mlops.mlflow.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.registry.Artifact;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.store.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/*
 * A version is found again by its tag mlops.version. Its files are sent before it is created, so a
 * version that is there is complete. A version without a mirrored run gets one, as MLflow wants a
 * run for every version. Versions are created in order: in an empty registered model the numbers
 * there are the numbers here, unless one had to be skipped.
 */

/** Projects versions and aliases. One instance per synchronisation. */
public final class VersionProjection {
  private static final String VERSION_TAG = "mlops.version";

  private final MlflowRest rest;
  private final ModelRegistry registry;
  private final RunProjection runs;
  private final Counts counts;

  public VersionProjection(
      MlflowRest rest, ModelRegistry registry, RunProjection runs, Counts counts) {
    this.rest = rest;
    this.registry = registry;
    this.runs = runs;
    this.counts = counts;
  }

  public void sync() {
    for (String model : registry.models()) {
      counts.attempt("model " + model, () -> sync(registry.snapshot(model)));
    }
  }

  private void sync(ModelSnapshot state) {
    String model = state.model();
    JsonNode there = rest.find("registered-models/get", Map.of("name", model))
        .orElseGet(() -> rest.post("registered-models/create", Json.object().put("name", model)))
        .path("registered_model");
    Map<Integer, JsonNode> mirrored = mirrored(model);
    for (ModelVersion version : state.versions().values()) {
      counts.attempt("version " + version.ref(), () -> {
        JsonNode known = mirrored.get(version.number());
        if (known == null) {
          mirrored.put(version.number(), create(version));
          counts.versions++;
        } else {
          tags(version, known);
        }
      });
    }
    aliases(state, there, mirrored);
  }

  private Map<Integer, JsonNode> mirrored(String model) {
    var mirrored = new HashMap<Integer, JsonNode>();
    String page = "";
    do {
      var query = new TreeMap<>(Map.of("filter", "name='" + model + "'", "max_results", "200"));
      if (!page.isEmpty()) {
        query.put("page_token", page);
      }
      JsonNode answer = rest.get("model-versions/search", query);
      for (JsonNode version : answer.path("model_versions")) {
        for (JsonNode tag : version.path("tags")) {
          if (tag.path("key").asText().equals(VERSION_TAG)) {
            mirrored.put(tag.path("value").asInt(), version);
          }
        }
      }
      page = answer.path("next_page_token").asText("");
    } while (!page.isEmpty());
    return mirrored;
  }

  private JsonNode create(ModelVersion version) {
    Optional<JsonNode> recorded = version.runId().flatMap(runs::mirrored);
    JsonNode run = recorded.orElseGet(() -> runs.findOrCreate(
        runs.experiment(version.model()),
        RunProjection.RUN_TAG,
        "version " + version.ref(),
        version.ref().toString(),
        version.at()));
    String folder = "mlops-" + version.model() + "-" + version.number();
    Optional<String> root = RunProjection.artifactRoot(run);
    root.ifPresent(path -> upload(version, path + "/" + folder));
    if (recorded.isEmpty()) {
      runs.end(run, true, version.at());
    }
    ObjectNode create = Json.object()
        .put("name", version.model())
        .put("run_id", RunProjection.id(run))
        .put("source", run.path("info").path("artifact_uri").asText() + "/" + folder);
    ArrayNode tags = create.putArray("tags");
    desired(version).forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
    return rest.post("model-versions/create", create).path("model_version");
  }

  private void upload(ModelVersion version, String path) {
    for (Artifact artifact : version.artifacts().values()) {
      rest.putArtifact(path + "/" + artifact.name(), registry.read(version, artifact.name()));
      counts.artifacts++;
    }
    rest.putArtifact(path + "/MLmodel", description(version));
  }

  /** An MLmodel file with a flavor of our own, so that user interfaces accept the folder. */
  private static byte[] description(ModelVersion version) {
    return ("artifact_path: mlops-" + version.model() + "-" + version.number()
            + "\nflavors:\n  mlops:\n    model: \"" + version.model() + "\"\n    version: "
            + version.number() + "\nutc_time_created: '" + version.at() + "'\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> desired(ModelVersion version) {
    var tags = new TreeMap<String, String>();
    version.tags().forEach((key, value) -> tags.put(MlflowNames.userTag(key), value));
    tags.put(VERSION_TAG, Integer.toString(version.number()));
    tags.put("mlops.actor", version.actor());
    tags.put("mlops.archived", Boolean.toString(version.archived()));
    version.artifacts().values().forEach(a -> tags.put("mlops.sha256." + a.name(), a.sha256()));
    version
        .metrics()
        .forEach((name, value) -> tags.put(MlflowNames.entry("mlops.metric." + name), "" + value));
    tags.replaceAll((key, value) -> MlflowNames.text(value, RunProjection.MAX_TAG));
    return tags;
  }

  private void tags(ModelVersion version, JsonNode there) {
    Map<String, String> desired = desired(version);
    var present = new HashMap<String, String>();
    there
        .path("tags")
        .forEach(tag -> present.put(tag.path("key").asText(), tag.path("value").asText()));
    String number = there.path("version").asText();
    desired.forEach((key, value) -> {
      if (!value.equals(present.remove(key))) {
        rest.post("model-versions/set-tag", tag(version, number, key).put("value", value));
      }
    });
    if (!present.isEmpty()) {
      present.keySet().retainAll(everSet(version)); // others are somebody else's
      present
          .keySet()
          .forEach(key -> rest.delete("model-versions/delete-tag", tag(version, number, key)));
    }
  }

  private static ObjectNode tag(ModelVersion version, String number, String key) {
    return Json.object().put("name", version.model()).put("version", number).put("key", key);
  }

  private Set<String> everSet(ModelVersion version) {
    var keys = new HashSet<String>();
    for (RegistryEvent event : registry.history(version.model())) {
      if (event instanceof RegistryEvent.Registered registered
          && registered.version().number() == version.number()) {
        keys.addAll(registered.version().tags().keySet());
      } else if (event instanceof RegistryEvent.Tagged tagged
          && tagged.version() == version.number()) {
        keys.add(tagged.key());
      }
    }
    return keys.stream().map(MlflowNames::userTag).collect(Collectors.toSet());
  }

  private void aliases(ModelSnapshot state, JsonNode there, Map<Integer, JsonNode> mirrored) {
    var present = new HashMap<String, String>();
    there
        .path("aliases")
        .forEach(a -> present.put(a.path("alias").asText(), a.path("version").asText()));
    state.aliases().forEach((alias, number) -> {
      String name = MlflowNames.alias(alias);
      String before = present.remove(name);
      counts.attempt("alias " + state.model() + "@" + alias, () -> {
        JsonNode version = mirrored.get(number);
        if (version == null) {
          throw new RefusedException("its version " + number + " is not mirrored");
        }
        if (!version.path("version").asText().equals(before)) {
          ObjectNode body =
              alias(state, name).put("version", version.path("version").asText());
          rest.post("registered-models/alias", body);
          counts.aliases++;
        }
      });
    });
    // Only aliases that were ours: others may be somebody else's.
    for (String alias : state.previous().keySet()) {
      String name = MlflowNames.alias(alias);
      if (present.containsKey(name)) {
        counts.attempt("alias " + state.model() + "@" + alias, () -> {
          rest.delete("registered-models/alias", alias(state, name));
          counts.aliases++;
        });
      }
    }
  }

  private static ObjectNode alias(ModelSnapshot state, String name) {
    return Json.object().put("name", state.model()).put("alias", name);
  }
}
