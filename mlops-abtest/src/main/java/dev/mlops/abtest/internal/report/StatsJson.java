package dev.mlops.abtest.internal.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.abtest.AbTestStats;
import dev.mlops.abtest.Verdict;

/** The body of the stats endpoint. */
public final class StatsJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StatsJson() {}

  public static String verdict(Verdict verdict) {
    return Words.verdict(verdict);
  }

  public static String of(AbTestStats stats) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("formatVersion", 1);
    root.put("experiment", stats.experiment());
    root.put("epoch", stats.epoch());
    root.put("metric", stats.metric());
    ArrayNode variants = root.putArray("variants");
    for (AbTestStats.VariantStats v : stats.variants()) {
      ObjectNode node = variants.addObject();
      node.put("variant", v.variant());
      node.put("units", v.units());
      node.put("trafficShare", v.trafficShare());
      v.mean().ifPresent(x -> node.put("mean", x));
      v.difference().ifPresent(x -> node.put("difference", x));
      v.interval().ifPresent(i -> JsonReport.interval(node, "interval", i));
      v.pValue().ifPresent(x -> node.put("pValue", x));
    }
    root.put("verdict", stats.verdict());
    stats.winner().ifPresent(w -> root.put("winner", w));
    root.put("summary", stats.summary());
    return JsonReport.write(root);
  }
}
