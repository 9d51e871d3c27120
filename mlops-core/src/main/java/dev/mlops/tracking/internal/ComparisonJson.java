package dev.mlops.tracking.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.store.internal.Json;
import dev.mlops.tracking.RunRecord;
import java.util.List;
import java.util.Locale;

/** Runs as JSON, format version 1. */
public final class ComparisonJson {
  private ComparisonJson() {}

  public static String write(List<RunRecord> runs) {
    ObjectNode node = Json.object().put("formatVersion", 1);
    ArrayNode array = node.putArray("runs");
    for (RunRecord run : runs) {
      ObjectNode item = array
          .addObject()
          .put("id", run.id())
          .put("name", run.name())
          .put("status", run.status().name().toLowerCase(Locale.ROOT));
      item.set("params", Json.textMap(run.params()));
      item.set("metrics", Json.numberMap(run.metrics()));
      item.set("tags", Json.textMap(run.tags()));
    }
    return Json.pretty(node);
  }
}
