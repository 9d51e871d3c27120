package dev.mlops.registry.card.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.registry.card.GroupLine;
import dev.mlops.registry.card.MetricLine;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.store.internal.Json;
import java.util.List;
import java.util.Optional;

/** A card as JSON, format version 1. */
public final class CardJson {
  private CardJson() {}

  public static String write(ModelCard card, Optional<CardEvaluation> evaluation) {
    ObjectNode node = Json.object()
        .put("formatVersion", 1)
        .put("model", card.model())
        .put("intendedUse", card.intendedUse())
        .put("limits", card.limits());
    node.set("data", Json.textMap(card.data()));
    node.set("lineage", Json.textMap(card.lineage()));
    node.set("importance", Json.numberMap(card.importance()));
    card.schema().ifPresent(schema -> signature(node.putArray("signature"), schema));
    card.registration().ifPresent(found -> {
      ObjectNode item = node.putObject("registration")
          .put("version", found.version())
          .put("actor", found.actor())
          .put("at", found.at().toString())
          .put("reason", found.reason());
      found.runId().ifPresent(run -> item.put("run", run));
      item.set("tags", Json.textMap(found.tags()));
    });
    ArrayNode metrics = node.putArray("metrics");
    for (MetricLine line : card.metrics()) {
      ObjectNode item = metrics.addObject().put("name", line.name());
      Json.putNumber(item, "value", line.value());
      if (line.hasInterval()) {
        Json.putNumber(item, "low", line.low());
        Json.putNumber(item, "high", line.high());
        item.put("confidence", 0.95).put("method", line.method());
      }
    }
    card.confusion().ifPresent(table -> {
      ObjectNode item = node.putObject("confusion");
      table.classes().forEach(item.putArray("classes")::add);
      ArrayNode rows = item.putArray("counts");
      table.counts().forEach(row -> row.forEach(rows.addArray()::add));
    });
    evaluation.ifPresent(found -> write(node, found, card.groups()));
    return Json.pretty(node);
  }

  private static void write(ObjectNode node, CardEvaluation evaluation, List<GroupLine> groups) {
    node.put("testRows", evaluation.rows()).put("testPositives", evaluation.positives());
    points(node.putArray("roc"), evaluation.roc());
    points(node.putArray("precisionRecall"), evaluation.precisionRecall());
    points(node.putArray("calibration"), evaluation.calibration());
    if (!groups.isEmpty()) {
      node.put("groupColumn", evaluation.groupColumn());
      ArrayNode array = node.putArray("groups");
      for (GroupLine line : groups) {
        array
            .addObject()
            .put("group", line.group())
            .put("rows", line.rows())
            .put("positives", line.positives())
            .set("metrics", Json.numberMap(line.metrics()));
      }
    }
  }

  private static void signature(ArrayNode array, Schema schema) {
    for (Feature feature : schema.features()) {
      array.addObject().put("column", feature.name()).put("type", CardText.describe(feature));
    }
    array.addObject().put("column", schema.target().name()).put("type", "target");
  }

  private static void points(ArrayNode array, List<double[]> points) {
    for (double[] point : points) {
      ArrayNode item = array.addArray();
      for (double value : point) {
        item.add(value);
      }
    }
  }
}
