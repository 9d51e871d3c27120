package dev.mlops.model.internal.json;

import static dev.mlops.model.internal.BoostedModel.supported;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.error.CorruptException;
import dev.mlops.model.internal.BoostedBinary;
import dev.mlops.model.internal.BoostedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads XGBoost's JSON model format and the same structure in UBJSON, as documented under
 * "Introduction to Model IO" and in the schema {@code doc/model.schema} of XGBoost.
 */
public final class BoostedJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BoostedJson() {}

  /**
   * Reads a model.
   *
   * @param content the whole file
   * @return the model
   * @throws CorruptException if the bytes are not such a model
   * @throws dev.mlops.error.InvalidInputException if the model uses what is not supported
   */
  public static BoostedModel read(byte[] content) {
    try {
      return learner(at(tree(content), "learner"));
    } catch (IOException e) {
      throw new CorruptException("XGBoost model is not valid JSON", e);
    } catch (NumberFormatException e) {
      throw new CorruptException("XGBoost model has a number that is none", e);
    }
  }

  private static JsonNode tree(byte[] content) throws IOException {
    // In JSON a quote or a blank follows the brace; in UBJSON the type of a length.
    boolean ubjson = content.length > 1 && "iUIlL$#".indexOf(content[1]) >= 0;
    return ubjson ? new UbjsonReader(content).read() : JSON.readTree(content);
  }

  private static BoostedModel learner(JsonNode learner) {
    JsonNode parameters = at(learner, "learner_model_param");
    String objective = at(at(learner, "objective"), "name").asText();
    JsonNode booster = at(learner, "gradient_booster");
    String kind = at(booster, "name").asText();
    supported(kind.equals("gbtree"), "booster '" + kind + "'");
    JsonNode model = at(booster, "model");
    int features = at(parameters, "num_feature").asInt();
    int classes = Math.max(1, at(parameters, "num_class").asInt());
    require(classes <= BoostedModel.MAX_CLASSES, classes + " classes");
    supported(parameters.path("num_target").asInt(1) <= 1, "several targets");
    float base = base(at(parameters, "base_score").asText());
    List<BoostedModel.Tree> trees = new ArrayList<>();
    for (JsonNode tree : list(model, "trees")) {
      trees.add(tree(tree, features));
    }
    JsonNode info = list(model, "tree_info");
    require(
        !trees.isEmpty() && info.size() == trees.size(),
        trees.size() + " trees of " + info.size() + " classes");
    int[] treeClass = new int[trees.size()];
    for (int t = 0; t < treeClass.length; t++) {
      treeClass[t] = info.get(t).asInt();
      require(treeClass[t] >= 0 && treeClass[t] < classes, "tree of class " + treeClass[t]);
    }
    return new BoostedModel(
        objective, classes, BoostedModel.marginOf(objective, base), features, trees, treeClass);
  }

  /** Since version 3 the base score is a list with one element per target. */
  private static float base(String text) {
    boolean list = text.length() > 1 && text.startsWith("[") && text.endsWith("]");
    String number = list ? text.substring(1, text.length() - 1) : text;
    supported(number.indexOf(',') < 0, "a base score per class");
    return Float.parseFloat(number);
  }

  private static BoostedModel.Tree tree(JsonNode tree, int features) {
    JsonNode types = tree.path("split_type");
    for (JsonNode type : types) {
      supported(type.asInt() == 0, "categorical splits");
    }
    JsonNode left = list(tree, "left_children");
    JsonNode right = list(tree, "right_children");
    JsonNode indices = list(tree, "split_indices");
    JsonNode conditions = list(tree, "split_conditions");
    JsonNode defaults = list(tree, "default_left");
    int nodes = left.size();
    require(
        nodes > 0
            && right.size() == nodes
            && indices.size() == nodes
            && conditions.size() == nodes
            && defaults.size() == nodes,
        "a tree's lists differ in length");
    var result = new BoostedModel.Tree(
        new int[nodes], new int[nodes], new int[nodes], new float[nodes], new boolean[nodes]);
    for (int i = 0; i < nodes; i++) {
      result.left()[i] = left.get(i).asInt();
      result.right()[i] = right.get(i).asInt();
      result.feature()[i] = indices.get(i).asInt();
      result.condition()[i] = Float.parseFloat(conditions.get(i).asText());
      JsonNode missing = defaults.get(i);
      result.missingLeft()[i] = missing.isBoolean() ? missing.asBoolean() : missing.asInt() != 0;
    }
    BoostedBinary.check(result, features);
    return result;
  }

  private static JsonNode list(JsonNode node, String field) {
    JsonNode value = at(node, field);
    require(value.isArray(), "'" + field + "' is no list");
    return value;
  }

  private static JsonNode at(JsonNode node, String field) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw new CorruptException("XGBoost model has no '" + field + "'");
    }
    return value;
  }

  private static void require(boolean holds, String found) {
    if (!holds) {
      throw new CorruptException("XGBoost model cannot be read: " + found);
    }
  }
}
