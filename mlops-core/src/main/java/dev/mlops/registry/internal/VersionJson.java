package dev.mlops.registry.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.registry.Artifact;
import dev.mlops.registry.EventInfo;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.VersionSignature;
import dev.mlops.store.internal.Json;
import java.util.Optional;
import java.util.TreeMap;

/** A version as JSON; actor, time and model come from the event around it. */
final class VersionJson {
  private VersionJson() {}

  static ObjectNode write(ModelVersion version) {
    ObjectNode node = Json.object().put("number", version.number());
    node.set("schema", SchemaJson.write(version.schema()));
    ArrayNode artifacts = node.putArray("artifacts");
    for (Artifact artifact : version.artifacts().values()) {
      artifacts
          .addObject()
          .put("name", artifact.name())
          .put("format", artifact.format())
          .put("digest", artifact.sha256())
          .put("size", artifact.size());
    }
    node.set("metrics", Json.numberMap(version.metrics()));
    node.set("tags", Json.textMap(version.tags()));
    node.set("lineage", Json.textMap(version.lineage()));
    version.runId().ifPresent(id -> node.put("run", id));
    version
        .signature()
        .ifPresent(signature -> node.putObject("signature")
            .put("key", signature.keyId())
            .put("value", signature.value()));
    return node;
  }

  static ModelVersion read(EventInfo info, Json node) {
    var artifacts = new TreeMap<String, Artifact>();
    for (Json item : node.children("artifacts")) {
      var artifact = new Artifact(
          item.text("name"), item.text("format"), item.text("digest"), item.longValue("size"));
      if (artifacts.put(artifact.name(), artifact) != null) {
        throw item.corrupt("name", "unique");
      }
    }
    Optional<VersionSignature> signature = Optional.empty();
    if (node.has("signature")) {
      Json signed = node.child("signature");
      signature = Optional.of(new VersionSignature(signed.text("key"), signed.text("value")));
    }
    return new ModelVersion(
        info.model(),
        node.intValue("number"),
        SchemaJson.read(node.child("schema")),
        artifacts,
        node.numberMap("metrics"),
        node.textMap("tags"),
        node.textMap("lineage"),
        node.optionalText("run"),
        info.actor(),
        info.at(),
        false,
        signature);
  }
}
