package dev.mlops.training.internal.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.data.internal.json.Json;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.Calibration;
import dev.mlops.training.Recipe;
import dev.mlops.training.Sampler;
import dev.mlops.training.Step;
import dev.mlops.training.Transform;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The JSON form of a recipe, format version 1; its schema is {@code recipe-1.schema.json}. */
public final class RecipeJson {
  private static final int FORMAT_VERSION = 1;

  private RecipeJson() {}

  public static String write(Recipe recipe) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("formatVersion", FORMAT_VERSION);
    root.put("seed", recipe.seed());
    ArrayNode steps = root.putArray("steps");
    recipe.steps().forEach(step -> writeStep(step, steps.addObject()));
    if (recipe.classWeights().balance()) {
      root.put("classWeights", "balanced");
    } else if (!recipe.classWeights().weights().isEmpty()) {
      ObjectNode weights = root.putObject("classWeights");
      recipe.classWeights().weights().forEach(weights::put);
    }
    if (recipe.calibration().method() != Calibration.Method.NONE) {
      ObjectNode calibration = root.putObject("calibration");
      calibration.put("method", lower(recipe.calibration().method()));
      calibration.put("folds", recipe.calibration().folds());
    }
    TrainerJson.write(recipe.trainer(), root.putObject("trainer"));
    return Json.pretty(root);
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static void writeStep(Step step, ObjectNode out) {
    if (step instanceof Transform transform) {
      writeTransform(transform, out);
      if (!transform.columns().isEmpty()) {
        transform.columns().forEach(out.putArray("columns")::add);
      }
    } else if (step instanceof Sampler sampler) {
      if (sampler instanceof Sampler.Smote smote) {
        out.put("step", "smote").put("k", smote.k());
      } else if (sampler instanceof Sampler.SmoteNc smoteNc) {
        out.put("step", "smoteNc").put("k", smoteNc.k());
      } else {
        out.put("step", sampler instanceof Sampler.Oversample ? "oversample" : "undersample");
      }
      out.put("seed", sampler.seed());
    }
  }

  private static void writeTransform(Transform transform, ObjectNode out) {
    if (transform instanceof Transform.Impute impute) {
      out.put("step", "impute").put("fill", lower(impute.fill()));
    } else if (transform instanceof Transform.ImputeConstant constant) {
      out.put("step", "imputeConstant").put("value", constant.value());
    } else if (transform instanceof Transform.ImputeText text) {
      out.put("step", "imputeText").put("text", text.text());
    } else if (transform instanceof Transform.QuantileBins bins) {
      out.put("step", "quantileBins").put("bins", bins.bins());
    } else if (transform instanceof Transform.MissingIndicator) {
      out.put("step", "indicateMissing");
    } else {
      String name = transform.getClass().getSimpleName();
      out.put("step", Character.toLowerCase(name.charAt(0)) + name.substring(1));
    }
  }

  public static Recipe read(String text) {
    Json root = Json.parse(text, message -> new InvalidInputException("recipe, " + message));
    int version = root.at("formatVersion").integer();
    if (version != FORMAT_VERSION) {
      throw root.at("formatVersion").wrong("format version " + FORMAT_VERSION);
    }
    Recipe.Builder builder = Recipe.builder().seed(root.at("seed").longInteger());
    root.at("steps").items().forEach(step -> builder.add(readStep(step)));
    if (root.has("classWeights")) {
      readWeights(root.at("classWeights"), builder);
    }
    if (root.has("calibration")) {
      Json calibration = root.at("calibration");
      builder.calibrate(new Calibration(
          calibration.at("method").oneOf(Calibration.Method.class),
          calibration.at("folds").integer()));
    }
    return builder.trainer(TrainerJson.read(root.at("trainer"))).build();
  }

  private static void readWeights(Json json, Recipe.Builder builder) {
    if (json.isText("balanced")) {
      builder.balanceClasses();
      return;
    }
    Map<String, Double> weights = new HashMap<>();
    json.names().forEach(name -> weights.put(name, json.at(name).number()));
    builder.classWeights(weights);
  }

  private static Step readStep(Json json) {
    List<String> columns = json.has("columns") ? json.at("columns").texts() : List.of();
    Json step = json.at("step");
    return switch (step.text()) {
      case "impute" -> new Transform.Impute(json.at("fill").oneOf(Transform.Fill.class), columns);
      case "imputeConstant" -> new Transform.ImputeConstant(json.at("value").number(), columns);
      case "imputeText" -> new Transform.ImputeText(json.at("text").text(), columns);
      case "indicateMissing" -> new Transform.MissingIndicator(columns);
      case "standardise" -> new Transform.Standardise(columns);
      case "minMaxScale" -> new Transform.MinMaxScale(columns);
      case "robustScale" -> new Transform.RobustScale(columns);
      case "oneHot" -> new Transform.OneHot(columns);
      case "ordinal" -> new Transform.Ordinal(columns);
      case "quantileBins" -> new Transform.QuantileBins(json.at("bins").integer(), columns);
      case "smote" -> new Sampler.Smote(json.at("k").integer(), json.at("seed").longInteger());
      case "smoteNc" ->
        new Sampler.SmoteNc(json.at("k").integer(), json.at("seed").longInteger());
      case "oversample" -> new Sampler.Oversample(json.at("seed").longInteger());
      case "undersample" -> new Sampler.Undersample(json.at("seed").longInteger());
      default ->
        throw step.wrong(
            "a step such as impute, standardise, oneHot or smote; the guide lists all");
    };
  }
}
