package dev.mlops.evaluation.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.data.Target;
import dev.mlops.data.internal.json.Json;
import dev.mlops.evaluation.ConfusionMatrix;
import dev.mlops.evaluation.EvaluationReport;
import dev.mlops.evaluation.Interval;

/** The JSON form of an evaluation report. */
public final class EvaluationJson {
  private static final int FORMAT_VERSION = 1;

  private EvaluationJson() {}

  public static String write(EvaluationReport report) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("formatVersion", FORMAT_VERSION);
    root.put("title", report.title());
    metrics(root, report);
    if (!report.groups().isEmpty()) {
      ObjectNode groups = root.putObject("groups");
      report.groups().forEach((name, group) -> metrics(groups.putObject(name), group));
    }
    if (report.evaluation().schema().target() instanceof Target.Classes target) {
      ConfusionMatrix confusion = report.evaluation().confusion();
      ObjectNode matrix = root.putObject("confusion");
      for (int t = 0; t < target.classes().size(); t++) {
        ObjectNode row = matrix.putObject(target.classes().get(t));
        for (int c = 0; c < target.classes().size(); c++) {
          row.put(target.classes().get(c), confusion.count(t, c));
        }
      }
    }
    return Json.pretty(root);
  }

  private static void metrics(ObjectNode node, EvaluationReport report) {
    node.put("rows", report.evaluation().size());
    ObjectNode metrics = node.putObject("metrics");
    report.evaluation().metrics().forEach((name, value) -> {
      ObjectNode metric = metrics.putObject(name);
      put(metric, "value", value);
      Interval interval = report.intervals().get(name);
      if (interval != null) {
        put(metric, "low", interval.low());
        put(metric, "high", interval.high());
      }
    });
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
