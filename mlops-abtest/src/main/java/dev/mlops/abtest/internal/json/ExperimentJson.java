package dev.mlops.abtest.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.abtest.Experiment;
import dev.mlops.abtest.HashScheme;
import dev.mlops.abtest.Layer;
import dev.mlops.abtest.Variant;
import dev.mlops.abtest.error.AbTestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Experiments in the format of experiments-v1.schema.json; unknown fields are ignored. */
public final class ExperimentJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int VERSION = 1;

  private ExperimentJson() {}

  public static List<Experiment> read(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AbTestException.Corrupt("experiments are not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject() || root.path("formatVersion").asInt() != VERSION) {
      throw new AbTestException.Corrupt(
          "experiments must be an object with formatVersion "
              + VERSION
              + ", got formatVersion "
              + root.path("formatVersion"),
          null);
    }
    List<Experiment> experiments = new ArrayList<>();
    for (JsonNode node : required(root, "experiments", "experiments")) {
      experiments.add(experiment(node));
    }
    return experiments;
  }

  private static Experiment experiment(JsonNode node) {
    String key = text(node, "key", "an experiment");
    String where = "experiment '" + key + "'";
    String control = text(node, "control", where);
    Experiment.Builder builder = Experiment.builder(key);
    weights(required(node, "weights", where), where).forEach((variant, weight) -> {
      if (variant.equals(control)) {
        builder.control(variant, weight);
      } else {
        builder.variant(variant, weight);
      }
    });
    builder.traffic(number(node, "traffic", 1, where));
    builder.epoch(integer(node.path("epoch"), 1, where + ": epoch"));
    if (node.has("salt")) {
      builder.salt(text(node, "salt", where));
    }
    if (node.path("stableWeights").asBoolean()) {
      builder.stableWeights();
    }
    if (node.has("hashScheme")) {
      builder.hashScheme(scheme(text(node, "hashScheme", where), where));
    }
    if (node.has("layer")) {
      JsonNode layer = node.get("layer");
      builder.slice(new Experiment.Slice(
          Layer.of(text(layer, "name", where), number(layer, "holdout", 0, where)),
          integer(layer.path("fromSlot"), 0, where + ": fromSlot"),
          integer(layer.path("toSlot"), Layer.SLOTS, where + ": toSlot")));
    }
    node.path("overrides")
        .properties()
        .forEach(e -> builder.override(e.getKey(), e.getValue().asText()));
    node.path("history")
        .properties()
        .forEach(e -> builder.earlierEpoch(
            epoch(e.getKey(), where), weights(e.getValue(), where + ": history")));
    return builder.build();
  }

  private static HashScheme scheme(String name, String where) {
    for (HashScheme scheme : HashScheme.values()) {
      if (scheme.name().equals(name)) {
        return scheme;
      }
    }
    throw new AbTestException.InvalidInput(
        where + ": hashScheme must be one of " + List.of(HashScheme.values()) + ", got " + name);
  }

  private static int epoch(String text, String where) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new AbTestException.InvalidInput(
          where + ": history must be keyed by epoch numbers, got '" + text + "'", e);
    }
  }

  private static Map<String, Integer> weights(JsonNode node, String where) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    node.properties()
        .forEach(e -> weights.put(
            e.getKey(), integer(e.getValue(), -1, where + ": weight of '" + e.getKey() + "'")));
    return weights;
  }

  private static JsonNode required(JsonNode node, String field, String where) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw new AbTestException.InvalidInput(where + " needs the field '" + field + "'");
    }
    return value;
  }

  private static String text(JsonNode node, String field, String where) {
    JsonNode value = required(node, field, where);
    if (!value.isTextual()) {
      throw new AbTestException.InvalidInput(
          where + ": " + field + " must be a string, got " + value);
    }
    return value.asText();
  }

  private static double number(JsonNode node, String field, double otherwise, String where) {
    JsonNode value = node.path(field);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isNumber()) {
      throw new AbTestException.InvalidInput(
          where + ": " + field + " must be a number, got " + value);
    }
    return value.asDouble();
  }

  private static int integer(JsonNode value, int otherwise, String what) {
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw new AbTestException.InvalidInput(what + " must be a whole number, got " + value);
    }
    return value.asInt();
  }

  public static String write(List<Experiment> experiments) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("formatVersion", VERSION);
    ArrayNode array = root.putArray("experiments");
    experiments.forEach(e -> write(array.addObject(), e));
    return root.toPrettyString() + "\n";
  }

  private static void write(ObjectNode node, Experiment e) {
    node.put("key", e.key());
    node.put("control", e.control().key());
    ObjectNode weights = node.putObject("weights");
    for (Variant v : e.variants()) {
      weights.put(v.key(), v.weight());
    }
    node.put("traffic", e.traffic());
    node.put("epoch", e.epoch());
    node.put("salt", e.salt());
    node.put("stableWeights", e.stableWeights());
    node.put("hashScheme", e.hashScheme().name());
    e.slice().ifPresent(s -> {
      ObjectNode layer = node.putObject("layer");
      layer.put("name", s.layer().name());
      layer.put("holdout", s.layer().holdout());
      layer.put("fromSlot", s.from());
      layer.put("toSlot", s.to());
    });
    if (!e.overrides().isEmpty()) {
      ObjectNode overrides = node.putObject("overrides");
      new TreeMap<>(e.overrides()).forEach(overrides::put);
    }
    if (e.weightHistory().size() > 1) {
      ObjectNode history = node.putObject("history");
      new TreeMap<>(e.weightHistory()).headMap(e.epoch()).forEach((epoch, old) -> {
        ObjectNode byVariant = history.putObject(epoch.toString());
        new TreeMap<>(old).forEach(byVariant::put);
      });
    }
  }
}
