package dev.mlops.drift.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.drift.DriftException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a profile, format version 1: for people and for stores of documents. Per feature
 * the counts of the baseline's cells, of missing and of infinite values, and the categories that
 * the baseline does not have.
 */
public final class ProfileJson {
  private static final String FORMAT = "mlops-drift-profile";
  private static final int FORMAT_VERSION = 1;
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private ProfileJson() {}

  public static String write(
      String fingerprint,
      List<FeatureBaseline> features,
      long[] counts,
      @Nullable UnseenCategories[] unseen) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("formatVersion", FORMAT_VERSION);
    root.put("baseline", fingerprint);
    ArrayNode list = root.putArray("features");
    int next = 0;
    for (int f = 0; f < unseen.length; f++) {
      FeatureBaseline feature = features.get(f);
      ObjectNode node = list.addObject();
      node.put("name", feature.name());
      ArrayNode cells = node.putArray("counts");
      for (int c = 0; c < feature.cells(); c++) {
        cells.add(counts[next + c]);
      }
      node.put("missing", counts[next + feature.missingCounter()]);
      node.put("infinite", counts[next + feature.infiniteCounter()]);
      next += feature.counters();
      UnseenCategories names = unseen[f];
      if (names != null && !names.isEmpty()) {
        ObjectNode object = node.putObject("unseen");
        names.ordered().forEach(object::put);
      }
    }
    try {
      return MAPPER.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers can always be written", e);
    }
  }

  /** Fills counts and names; throws before it returns if anything does not hold. */
  public static void read(
      String json,
      String fingerprint,
      List<FeatureBaseline> features,
      long[] counts,
      @Nullable UnseenCategories[] unseen) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw DriftException.corrupt("the profile is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.path("format").asText().equals(FORMAT)) {
      throw DriftException.corrupt("the JSON is not a profile", null);
    }
    JsonNode version = root.path("formatVersion");
    if (!version.isIntegralNumber() || version.intValue() != FORMAT_VERSION) {
      throw DriftException.corrupt("profile format " + version + " is unknown, expected 1", null);
    }
    String owner = root.path("baseline").asText();
    if (!owner.equals(fingerprint)) {
      throw DriftException.notComparable(
          "the profile belongs to baseline " + owner + ", expected " + fingerprint);
    }
    JsonNode list = root.path("features");
    if (list.size() != features.size()) {
      throw DriftException.corrupt(
          "the profile has " + list.size() + " features, the baseline " + features.size(), null);
    }
    int next = 0;
    for (int f = 0; f < features.size(); f++) {
      FeatureBaseline feature = features.get(f);
      feature(list.get(f), feature, counts, next);
      next += feature.counters();
      unseen[f] = unseen(list.get(f).path("unseen"), feature);
    }
  }

  private static void feature(JsonNode node, FeatureBaseline feature, long[] counts, int at) {
    String name = feature.name();
    JsonNode cells = node.path("counts");
    if (!node.path("name").asText().equals(name) || cells.size() != feature.cells()) {
      throw DriftException.corrupt(
          "feature " + node.path("name") + " has " + cells.size() + " counts, expected '" + name
              + "' with " + feature.cells(),
          null);
    }
    for (int c = 0; c < cells.size(); c++) {
      counts[at + c] = BaselineJson.nonNegative(cells.get(c), "a count of '" + name + "'");
    }
    counts[at + feature.missingCounter()] =
        BaselineJson.nonNegative(node.path("missing"), "missing of '" + name + "'");
    counts[at + feature.infiniteCounter()] =
        BaselineJson.nonNegative(node.path("infinite"), "infinite of '" + name + "'");
  }

  private static @Nullable UnseenCategories unseen(JsonNode node, FeatureBaseline feature) {
    if (node.isMissingNode()) {
      return null;
    }
    if (!node.isObject() || node.size() > UnseenCategories.LIMIT) {
      throw DriftException.corrupt(
          "unseen of '" + feature.name() + "' must be an object of at most "
              + UnseenCategories.LIMIT + " categories",
          null);
    }
    UnseenCategories names = new UnseenCategories();
    node.properties()
        .forEach(e -> names.add(
            e.getKey(),
            BaselineJson.nonNegative(e.getValue(), "unseen of '" + feature.name() + "'")));
    return names;
  }
}
