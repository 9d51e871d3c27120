package dev.mlops.drift.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.drift.Columns;
import dev.mlops.drift.DriftPolicy;
import dev.mlops.drift.DriftReport;
import dev.mlops.drift.FeatureDrift;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON forms of a report. */
public final class ReportJson {
  private static final int FORMAT_VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReportJson() {}

  public static String write(DriftReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", "mlops-drift-report");
    root.put("formatVersion", FORMAT_VERSION);
    root.put("verdict", report.verdict().name());
    ArrayNode drifted = root.putArray("driftedFeatures");
    report.driftedFeatures().forEach(drifted::add);
    root.put("baselineFingerprint", report.baselineFingerprint());
    root.put("referenceRows", report.referenceRows());
    root.put("liveRows", report.liveRows());
    policy(root.putObject("policy"), report.policy());
    ArrayNode features = root.putArray("features");
    report.features().forEach(f -> feature(features.addObject(), f));
    return text(root);
  }

  private static void policy(ObjectNode node, DriftPolicy policy) {
    node.put("name", policy.name());
    node.put("alpha", policy.alpha());
    node.put("correction", policy.correction().name());
    node.put("minEffect", policy.minEffect());
    node.put("minSamples", policy.minSamples());
    node.put("missingShareChange", policy.missingShareChange());
    node.put("categoryShare", policy.categoryShare());
    node.put("datasetShare", policy.datasetShare());
    for (Columns.Kind kind : Columns.Kind.values()) {
      DriftPolicy.Rule rule = policy.rule(kind);
      ObjectNode r = node.putObject(kind == Columns.Kind.NUMERIC ? "numeric" : "categorical");
      r.put("test", rule.test().name());
      rule.threshold().ifPresent(v -> r.put("threshold", v));
      rule.warning().ifPresent(v -> r.put("warning", v));
    }
  }

  private static void feature(ObjectNode node, FeatureDrift feature) {
    node.put("name", feature.name());
    node.put("kind", feature.kind().name());
    node.put("verdict", feature.verdict().name());
    ArrayNode findings = node.putArray("findings");
    for (FeatureDrift.Finding finding : feature.findings()) {
      findings
          .addObject()
          .put("cause", finding.cause().name())
          .put("verdict", finding.verdict().name())
          .put("message", finding.message());
    }
    FeatureDrift.Evidence e = feature.evidence();
    ObjectNode evidence = node.putObject("evidence");
    evidence.put("test", e.test().name());
    number(evidence, "statistic", e.statistic());
    number(evidence, "low", e.low());
    number(evidence, "high", e.high());
    number(evidence, "pValue", e.pValue());
    number(evidence, "adjustedPValue", e.adjustedPValue());
    number(evidence, "effect", e.effect());
    e.location().ifPresent(v -> number(evidence, "location", v));
    counts(node.putObject("reference"), feature.reference());
    counts(node.putObject("live"), feature.live());
    ArrayNode added = node.putArray("newCategories");
    feature.newCategories().forEach(added::add);
    ArrayNode lost = node.putArray("lostCategories");
    feature.lostCategories().forEach(lost::add);
    ObjectNode distances = node.putObject("distances");
    feature.distances().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(d -> number(distances, d.getKey(), d.getValue()));
    ArrayNode bins = node.putArray("bins");
    for (FeatureDrift.Bin bin : feature.bins()) {
      ObjectNode b = bins.addObject();
      b.put("label", bin.label());
      bin.upper().ifPresent(v -> number(b, "upper", v));
      number(b, "referenceShare", bin.referenceShare());
      number(b, "liveShare", bin.liveShare());
    }
  }

  private static void counts(ObjectNode node, FeatureDrift.Counts counts) {
    node.put("present", counts.present());
    node.put("missing", counts.missing());
    node.put("infinite", counts.infinite());
  }

  /** JSON has no infinity: it is written as a text. */
  private static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.put(name, Double.toString(value));
    }
  }

  public static String writeCaseStudy(DriftReport report) {
    ObjectNode root = MAPPER.createObjectNode();
    for (FeatureDrift feature : report.features()) {
      if (feature.kind() == Columns.Kind.NUMERIC && feature.live().present() > 0) {
        FeatureDrift.Evidence evidence = feature.evidence();
        root.putObject(feature.name())
            .put("stat", evidence.statistic())
            .put("p", evidence.pValue())
            .put("drift", evidence.pValue() < report.policy().alpha());
      }
    }
    return text(root);
  }

  /** The published schema. */
  public static String schema() {
    try (InputStream in = ReportJson.class.getResourceAsStream("drift-report.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("the schema is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(ObjectNode root) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root).replace("\r\n", "\n")
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers can always be written", e);
    }
  }
}
