package dev.mlops.tracking.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.mlops.store.internal.Json;
import dev.mlops.tracking.MetricPoint;
import dev.mlops.tracking.RunArtifact;
import java.io.IOException;
import java.time.Instant;

/** One line of a run's record. */
sealed interface Entry {
  record Param(String name, String value) implements Entry {}

  record Tag(String key, String value) implements Entry {}

  record Metric(MetricPoint point) implements Entry {}

  record Kept(RunArtifact artifact) implements Entry {}

  /** Writes an entry as one JSON object. */
  static void write(Entry entry, JsonGenerator json) throws IOException {
    json.writeStartObject();
    if (entry instanceof Metric metric) {
      MetricPoint point = metric.point();
      json.writeStringField("metric", point.name());
      Json.writeNumber(json, "value", point.value());
      json.writeNumberField("step", point.step());
      json.writeNumberField("at", point.at().toEpochMilli());
    } else if (entry instanceof Param param) {
      json.writeStringField("param", param.name());
      json.writeStringField("value", param.value());
    } else if (entry instanceof Tag tag) {
      json.writeStringField("tag", tag.key());
      json.writeStringField("value", tag.value());
    } else if (entry instanceof Kept kept) {
      json.writeStringField("artifact", kept.artifact().name());
      json.writeStringField("digest", kept.artifact().sha256());
      json.writeNumberField("size", kept.artifact().size());
    }
    json.writeEndObject();
  }

  static Entry read(Json node) {
    if (node.has("metric")) {
      return new Metric(new MetricPoint(
          node.text("metric"),
          node.number("value"),
          node.longValue("step"),
          Instant.ofEpochMilli(node.longValue("at"))));
    }
    if (node.has("param")) {
      return new Param(node.text("param"), node.text("value"));
    }
    if (node.has("tag")) {
      return new Tag(node.text("tag"), node.text("value"));
    }
    if (node.has("artifact")) {
      return new Kept(
          new RunArtifact(node.text("artifact"), node.text("digest"), node.longValue("size")));
    }
    throw node.corrupt("metric", "present, or param, tag or artifact");
  }
}
