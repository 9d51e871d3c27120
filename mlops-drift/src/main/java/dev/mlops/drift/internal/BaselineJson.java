package dev.mlops.drift.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.drift.DriftException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The JSON form of a baseline, format version 1. Infinite numbers are written as texts. */
public final class BaselineJson {
  private static final int FORMAT_VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private BaselineJson() {}

  /** What a text holds. */
  public record Content(List<FeatureBaseline> features, long rows) {}

  public static String write(List<FeatureBaseline> features, long rows) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", "mlops-drift-baseline");
    root.put("formatVersion", FORMAT_VERSION);
    root.put("rows", rows);
    ArrayNode list = root.putArray("features");
    for (FeatureBaseline feature : features) {
      ObjectNode node = list.addObject();
      node.put("name", feature.name());
      node.put(
          "kind",
          feature.kind() == dev.mlops.drift.Columns.Kind.NUMERIC ? "numeric" : "categorical");
      node.put("missing", feature.missing());
      if (feature instanceof NumericBaseline numeric) {
        node.put("infinite", feature.infinite());
        ArrayNode edges = node.putArray("edges");
        for (int i = 0; i < numeric.partition().edgeCount(); i++) {
          number(edges, numeric.partition().edge(i));
        }
        NumericBaseline.Moments m = numeric.moments();
        ArrayNode moments = node.putArray("moments");
        for (double v : new double[] {
          m.mean(), m.standardDeviation(), m.min(), m.q1(), m.median(), m.q3(), m.max()
        }) {
          number(moments, v);
        }
      } else {
        ArrayNode names = node.putArray("categories");
        ((CategoricalBaseline) feature).categories().forEach(names::add);
      }
      ArrayNode counts = node.putArray("counts");
      for (int c = 0; c < feature.cells(); c++) {
        counts.add(feature.count(c));
      }
    }
    try {
      return MAPPER.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers can always be written", e);
    }
  }

  public static Content read(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw DriftException.corrupt("the baseline is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.path("format").asText().equals("mlops-drift-baseline")) {
      throw DriftException.corrupt("the JSON is not a baseline", null);
    }
    int version = root.path("formatVersion").asInt();
    if (version != FORMAT_VERSION) {
      throw DriftException.corrupt("baseline format " + version + " is unknown, expected 1", null);
    }
    List<FeatureBaseline> features = new ArrayList<>();
    for (JsonNode node : root.path("features")) {
      features.add(feature(node));
    }
    if (features.isEmpty()) {
      throw DriftException.corrupt("the baseline has no features", null);
    }
    return new Content(features, nonNegative(root.path("rows"), "rows"));
  }

  private static FeatureBaseline feature(JsonNode node) {
    String name = node.path("name").asText();
    long[] counts = new long[node.path("counts").size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = nonNegative(node.path("counts").get(i), "a count of '" + name + "'");
    }
    long missing = nonNegative(node.path("missing"), "missing of '" + name + "'");
    if (node.path("kind").asText().equals("numeric")) {
      double[] edges = numbers(node.path("edges"));
      if (edges.length == 0 || counts.length != 2 * edges.length + 1) {
        throw DriftException.corrupt(
            "feature '" + name + "' has " + edges.length + " edges and " + counts.length
                + " counts",
            null);
      }
      for (int i = 0; i < edges.length; i++) {
        if (Double.isNaN(edges[i]) || (i > 0 && !(edges[i - 1] < edges[i]))) {
          throw DriftException.corrupt("the edges of '" + name + "' do not ascend", null);
        }
      }
      double[] m = numbers(node.path("moments"));
      if (m.length != 7) {
        throw DriftException.corrupt(
            "feature '" + name + "' needs 7 moments, got " + m.length, null);
      }
      return new NumericBaseline(
          name,
          edges,
          counts,
          missing,
          nonNegative(node.path("infinite"), "infinite of '" + name + "'"),
          new NumericBaseline.Moments(m[0], m[1], m[2], m[3], m[4], m[5], m[6]));
    }
    List<String> categories = new ArrayList<>();
    node.path("categories").forEach(c -> categories.add(c.asText()));
    if (!node.path("kind").asText().equals("categorical")
        || counts.length != categories.size() + 1) {
      throw DriftException.corrupt("feature '" + name + "' is not a valid feature", null);
    }
    return new CategoricalBaseline(name, categories, counts, missing);
  }

  static long nonNegative(JsonNode node, String what) {
    if (!node.canConvertToLong() || !node.isIntegralNumber() || node.longValue() < 0) {
      throw DriftException.corrupt(what + " must be a whole number from 0, got " + node, null);
    }
    return node.longValue();
  }

  private static void number(ArrayNode array, double v) {
    if (Double.isFinite(v)) {
      array.add(v);
    } else {
      array.add(Double.toString(v));
    }
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode v = array.get(i);
      try {
        values[i] = v.isTextual() ? Double.parseDouble(v.textValue()) : v.doubleValue();
      } catch (NumberFormatException e) {
        throw DriftException.corrupt("'" + v.textValue() + "' is not a number", e);
      }
    }
    return values;
  }

  public static String fingerprint(String json) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
