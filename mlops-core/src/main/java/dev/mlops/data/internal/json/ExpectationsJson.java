package dev.mlops.data.internal.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.data.Expectation;
import dev.mlops.data.ValidationReport;
import dev.mlops.error.InvalidInputException;
import java.util.List;

/** The JSON forms of expectations and of validation reports, format version 1. */
public final class ExpectationsJson {
  private static final int FORMAT_VERSION = 1;

  private ExpectationsJson() {}

  public static String write(List<Expectation> rules) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("formatVersion", FORMAT_VERSION);
    ArrayNode out = root.putArray("expectations");
    rules.forEach(rule -> write(rule, out.addObject()));
    return Json.pretty(root);
  }

  private static void write(Expectation rule, ObjectNode out) {
    if (rule instanceof Expectation.Range range) {
      out.put("rule", "range").put("column", range.column());
      bounds(out, range.min(), range.max());
    } else if (rule instanceof Expectation.Mean mean) {
      out.put("rule", "mean").put("column", mean.column());
      bounds(out, mean.min(), mean.max());
    } else if (rule instanceof Expectation.MissingShare share) {
      out.put("rule", "missingShare").put("column", share.column()).put("max", share.max());
    } else if (rule instanceof Expectation.OneOf oneOf) {
      out.put("rule", "oneOf").put("column", oneOf.column());
      oneOf.values().forEach(out.putArray("values")::add);
    } else if (rule instanceof Expectation.Unique unique) {
      out.put("rule", "unique").put("column", unique.column());
    } else if (rule instanceof Expectation.RowCount count) {
      out.put("rule", "rowCount").put("min", count.min());
      if (count.max() != Long.MAX_VALUE) {
        out.put("max", count.max());
      }
    } else if (rule instanceof Expectation.ClassShare share) {
      out.put("rule", "classShare").put("min", share.min());
    }
  }

  /** A bound that is infinite is left out. */
  private static void bounds(ObjectNode out, double min, double max) {
    if (Double.isFinite(min)) {
      out.put("min", min);
    }
    if (Double.isFinite(max)) {
      out.put("max", max);
    }
  }

  public static List<Expectation> read(String text) {
    Json root = Json.parse(text, message -> new InvalidInputException("expectations, " + message));
    if (root.at("formatVersion").integer() != FORMAT_VERSION) {
      throw root.at("formatVersion").wrong("format version " + FORMAT_VERSION);
    }
    return root.at("expectations").items().stream().map(ExpectationsJson::rule).toList();
  }

  private static Expectation rule(Json json) {
    Json rule = json.at("rule");
    return switch (rule.text()) {
      case "range" -> new Expectation.Range(column(json), min(json), max(json));
      case "mean" -> new Expectation.Mean(column(json), min(json), max(json));
      case "missingShare" ->
        new Expectation.MissingShare(column(json), json.at("max").number());
      case "oneOf" -> new Expectation.OneOf(column(json), json.at("values").texts());
      case "unique" -> new Expectation.Unique(column(json));
      case "rowCount" ->
        new Expectation.RowCount(
            json.has("min") ? json.at("min").longInteger() : 0,
            json.has("max") ? json.at("max").longInteger() : Long.MAX_VALUE);
      case "classShare" -> new Expectation.ClassShare(json.at("min").number());
      default ->
        throw rule.wrong("range, mean, missingShare, oneOf, unique, rowCount or classShare");
    };
  }

  private static String column(Json json) {
    return json.at("column").text();
  }

  private static double min(Json json) {
    return json.has("min") ? json.at("min").number() : Double.NEGATIVE_INFINITY;
  }

  private static double max(Json json) {
    return json.has("max") ? json.at("max").number() : Double.POSITIVE_INFINITY;
  }

  /** Reads the verdict of a report, empty if all expectations hold; otherwise why not. */
  public static List<String> failures(String report) {
    Json root = Json.parse(report, message -> new InvalidInputException("validation, " + message));
    if (root.at("formatVersion").integer() != FORMAT_VERSION) {
      throw root.at("formatVersion").wrong("format version " + FORMAT_VERSION);
    }
    return root.at("findings").items().stream()
        .filter(finding -> !finding.at("passed").bool())
        .map(finding -> finding.at("reason").text())
        .toList();
  }

  public static String write(ValidationReport report) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("formatVersion", FORMAT_VERSION);
    root.put("passed", report.passed());
    root.put("rows", report.rows());
    ArrayNode findings = root.putArray("findings");
    for (ValidationReport.Finding finding : report.findings()) {
      ObjectNode out = findings.addObject();
      write(finding.rule(), out.putObject("expectation"));
      out.put("passed", finding.passed());
      out.put("reason", finding.reason());
      out.put("offendingRows", finding.offendingRows());
      ArrayNode examples = out.putArray("examples");
      finding
          .examples()
          .forEach(e -> examples.addObject().put("row", e.row()).put("value", e.value()));
    }
    return Json.pretty(root);
  }
}
