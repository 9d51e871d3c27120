package dev.mlops.tracking.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.store.internal.Json;
import dev.mlops.tracking.MetricPoint;
import dev.mlops.tracking.RunArtifact;
import java.time.Instant;

/** One line of a run's record. */
sealed interface Entry {
  record Param(String name, String value) implements Entry {}

  record Tag(String key, String value) implements Entry {}

  record Metric(MetricPoint point) implements Entry {}

  record Kept(RunArtifact artifact) implements Entry {}

  static void write(Entry entry, ObjectNode node) {
    if (entry instanceof Metric metric) {
      MetricPoint point = metric.point();
      node.put("metric", point.name());
      Json.putNumber(node, "value", point.value());
      node.put("step", point.step()).put("at", point.at().toEpochMilli());
    } else if (entry instanceof Param param) {
      node.put("param", param.name()).put("value", param.value());
    } else if (entry instanceof Tag tag) {
      node.put("tag", tag.key()).put("value", tag.value());
    } else if (entry instanceof Kept kept) {
      node.put("artifact", kept.artifact().name())
          .put("digest", kept.artifact().sha256())
          .put("size", kept.artifact().size());
    }
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
