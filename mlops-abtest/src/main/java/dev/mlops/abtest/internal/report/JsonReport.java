package dev.mlops.abtest.internal.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.abtest.AnalysisReport;
import dev.mlops.abtest.Health;
import dev.mlops.abtest.LookHistory;
import dev.mlops.abtest.MetricResult;
import dev.mlops.abtest.Refusal;
import dev.mlops.abtest.Verdict;
import dev.mlops.abtest.stats.Interval;
import java.util.List;

/** The report as JSON; the format is described by report-v1.schema.json. */
public final class JsonReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonReport() {}

  public static String of(AnalysisReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("formatVersion", 1);
    root.put("experiment", report.experiment().key());
    root.put("epoch", report.experiment().epoch());
    root.put("control", report.experiment().control().key());
    ObjectNode plan = root.putObject("plan");
    plan.put("design", Words.designKey(report.plan()));
    plan.put("alpha", report.plan().alpha());
    plan.put("correction", report.plan().correction().name());
    verdict(root.putObject("verdict"), report.verdict());
    health(root.putObject("health"), report.health());
    ArrayNode results = root.putArray("results");
    report.results().forEach(r -> result(results.addObject(), r));
    history(root.putArray("history"), report.history());
    return write(root);
  }

  private static void history(ArrayNode looks, LookHistory history) {
    for (LookHistory.Look look : history.looks()) {
      ObjectNode node = looks.addObject();
      node.put("units", look.units());
      ArrayNode points = node.putArray("points");
      for (LookHistory.Point point : look.points()) {
        ObjectNode p = points.addObject();
        p.put("metric", point.metric());
        p.put("variant", point.variant());
        p.put("difference", point.difference());
        point.interval().ifPresent(i -> interval(p, "interval", i));
      }
    }
  }

  static String write(ObjectNode root) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  private static void verdict(ObjectNode node, Verdict verdict) {
    node.put("kind", Words.verdict(verdict));
    node.put("summary", verdict.summary());
    if (verdict instanceof Verdict.ShipWinner winner) {
      node.put("variant", winner.variant());
    } else if (verdict instanceof Verdict.NotYet notYet) {
      notYet.needed().ifPresent(n -> node.put("neededUnits", n));
      refusals(node, notYet.refusals());
    } else if (verdict instanceof Verdict.Invalid invalid) {
      refusals(node, invalid.refusals());
    }
  }

  private static void refusals(ObjectNode node, List<Refusal> refusals) {
    ArrayNode array = node.putArray("refusals");
    refusals.forEach(r -> refusal(array.addObject(), r));
  }

  private static void refusal(ObjectNode node, Refusal refusal) {
    node.put("reason", refusal.reason().name());
    node.put("message", refusal.message());
  }

  private static void health(ObjectNode node, Health health) {
    ArrayNode arms = node.putArray("arms");
    for (Health.Arm arm : health.arms()) {
      ObjectNode a = arms.addObject();
      a.put("variant", arm.variant());
      a.put("units", arm.units());
      a.put("expected", arm.expected());
    }
    node.put("sampleRatioPValue", health.sampleRatioPValue());
    node.put("sequentialSampleRatioPValue", health.sequentialSampleRatioPValue());
    node.put("multipleExposures", health.multipleExposures());
    health.refusal().ifPresent(r -> refusal(node.putObject("refusal"), r));
  }

  private static void result(ObjectNode node, MetricResult r) {
    node.put("metric", r.metric().name());
    node.put("kind", Words.kind(r.metric()));
    node.put("role", Words.roleKey(r.metric()));
    node.put("direction", r.metric().direction().name());
    node.put("variant", r.variant());
    node.put("controlUnits", r.controlUnits());
    node.put("treatmentUnits", r.treatmentUnits());
    number(node, "control", r.control());
    number(node, "treatment", r.treatment());
    number(node, "difference", r.difference());
    r.interval().ifPresent(i -> interval(node, "interval", i));
    r.pValue().ifPresent(p -> node.put("pValue", p));
    r.adjustedPValue().ifPresent(p -> node.put("adjustedPValue", p));
    r.relativeLift().ifPresent(i -> interval(node, "relativeLift", i));
    r.posterior().ifPresent(p -> {
      ObjectNode posterior = node.putObject("posterior");
      posterior.put("mean", p.mean());
      posterior.put("standardDeviation", p.standardDeviation());
      r.chanceToWin().ifPresent(c -> posterior.put("chanceToWin", c));
      r.expectedLoss().ifPresent(l -> posterior.put("expectedLoss", l));
      posterior.put("peekProtected", false);
    });
    node.put("status", r.status().name());
    node.put("method", r.method());
    node.put("peekSafe", r.peekSafe());
    r.refusal().ifPresent(x -> refusal(node.putObject("refusal"), x));
  }

  /** JSON has no NaN or infinity: they are left out as null. */
  private static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  static void interval(ObjectNode node, String name, Interval interval) {
    ObjectNode i = node.putObject(name);
    number(i, "low", interval.low());
    number(i, "high", interval.high());
  }
}
