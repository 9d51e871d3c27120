package dev.mlops.training.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.internal.json.Json;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.internal.Envelope;
import dev.mlops.training.internal.FittedCalibration;
import dev.mlops.training.internal.FittedCalibration.ScoreMap;
import dev.mlops.training.internal.FittedTransform;
import dev.mlops.training.internal.Pipeline;
import dev.mlops.training.internal.PipelinePredictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The JSON form of fitted transforms and calibration, inside the envelope of a model. Jackson
 * writes doubles so that they read back bit for bit; NaN is written as null.
 */
public final class PipelineJson {
  private static final int FORMAT_VERSION = 1;

  private PipelineJson() {}

  public static String write(PipelinePredictor predictor) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("formatVersion", FORMAT_VERSION);
    root.put("probabilities", predictor.scorer().givesProbabilities());
    ArrayNode steps = root.putArray("transforms");
    predictor.pipeline().steps().forEach(step -> write(step, steps.addObject()));
    ArrayNode maps = root.putArray("calibration");
    for (ScoreMap map : predictor.calibration().maps()) {
      if (map instanceof ScoreMap.Sigmoid sigmoid) {
        maps.addObject().put("map", "sigmoid").put("a", sigmoid.a()).put("b", sigmoid.b());
      } else if (map instanceof ScoreMap.Points points) {
        ObjectNode out = maps.addObject().put("map", "points");
        doubles(out.putArray("scores"), points.scores());
        doubles(out.putArray("probabilities"), points.probabilities());
      }
    }
    try {
      return Json.MAPPER.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  private static void write(FittedTransform step, ObjectNode out) {
    if (step instanceof FittedTransform.Fill fill) {
      doubles(out.put("transform", "fill").putArray("values"), fill.values());
    } else if (step instanceof FittedTransform.Indicate indicate) {
      ints(out.put("transform", "indicate").putArray("sources"), indicate.sources());
    } else if (step instanceof FittedTransform.Scale scale) {
      doubles(out.put("transform", "scale").putArray("shift"), scale.shift());
      doubles(out.putArray("scale"), scale.scale());
    } else if (step instanceof FittedTransform.Expand expand) {
      ints(out.put("transform", "expand").putArray("widths"), expand.widths());
    } else if (step instanceof FittedTransform.Recode) {
      out.put("transform", "recode");
    } else if (step instanceof FittedTransform.Cut cut) {
      ArrayNode edges = out.put("transform", "cut").putArray("edges");
      for (int j = 0; j < cut.binned().length; j++) {
        if (cut.binned()[j]) {
          doubles(edges.addArray(), cut.edges().get(j));
        } else {
          edges.addNull();
        }
      }
    }
    ArrayNode columns = out.putArray("columns");
    for (Feature column : step.columns()) {
      ObjectNode node = columns.addObject().put("name", column.name());
      if (column instanceof Feature.Categorical categorical) {
        categorical.categories().forEach(node.putArray("categories")::add);
      }
    }
  }

  private static void doubles(ArrayNode out, double[] values) {
    for (double value : values) {
      if (Double.isNaN(value)) {
        out.addNull();
      } else {
        out.add(value);
      }
    }
  }

  private static void ints(ArrayNode out, int[] values) {
    Arrays.stream(values).forEach(out::add);
  }

  public static Envelope.Content read(String text, Schema schema, byte[] model) {
    Json root = Json.parse(text, message -> new CorruptException("model transforms, " + message));
    if (root.at("formatVersion").integer() != FORMAT_VERSION) {
      throw root.at("formatVersion").wrong("format version " + FORMAT_VERSION);
    }
    List<FittedTransform> steps = new ArrayList<>();
    int width = schema.width();
    try {
      for (Json step : root.at("transforms").items()) {
        FittedTransform transform = readTransform(step, width);
        steps.add(transform);
        width = transform.columns().size();
      }
      List<ScoreMap> maps =
          root.at("calibration").items().stream().map(PipelineJson::map).toList();
      if (maps.size() > 1 && maps.size() != schema.outputs()
          || maps.size() == 1 && schema.outputs() != 2) {
        throw root.at("calibration").wrong("one map per class");
      }
      return new Envelope.Content(
          new Pipeline(schema, steps),
          new FittedCalibration(maps),
          root.at("probabilities").bool(),
          model);
    } catch (InvalidInputException e) {
      throw new CorruptException("model transforms: " + e.getMessage(), e);
    }
  }

  private static ScoreMap map(Json json) {
    if (json.at("map").isText("sigmoid")) {
      return new ScoreMap.Sigmoid(json.at("a").number(), json.at("b").number());
    }
    if (!json.at("map").isText("points")) {
      throw json.at("map").wrong("sigmoid or points");
    }
    double[] scores = json.at("scores").numbers();
    double[] probabilities = json.at("probabilities").numbers();
    if (scores.length == 0 || scores.length != probabilities.length) {
      throw json.at("probabilities").wrong(scores.length + " values");
    }
    return new ScoreMap.Points(scores, probabilities);
  }

  private static FittedTransform readTransform(Json json, int width) {
    List<Feature> columns =
        json.at("columns").items().stream().map(PipelineJson::column).toList();
    int outWidth = columns.size();
    Json kind = json.at("transform");
    switch (kind.text()) {
      case "fill" -> {
        require(json, "columns", outWidth, width);
        return new FittedTransform.Fill(columns, doubles(json, "values", width));
      }
      case "scale" -> {
        require(json, "columns", outWidth, width);
        return new FittedTransform.Scale(
            columns, doubles(json, "shift", width), doubles(json, "scale", width));
      }
      case "recode" -> {
        require(json, "columns", outWidth, width);
        return new FittedTransform.Recode(columns);
      }
      case "indicate" -> {
        int[] sources =
            json.at("sources").items().stream().mapToInt(Json::integer).toArray();
        require(json, "columns", outWidth, width + sources.length);
        for (int source : sources) {
          if (source < 0 || source >= width) {
            throw json.at("sources").wrong("positions from 0 to " + (width - 1));
          }
        }
        return new FittedTransform.Indicate(columns, sources);
      }
      case "expand" -> {
        int[] widths =
            json.at("widths").items().stream().mapToInt(Json::integer).toArray();
        require(json, "widths", widths.length, width);
        long sum = 0;
        for (int w : widths) {
          if (w < 0) {
            throw json.at("widths").wrong("widths of at least 0");
          }
          sum += Math.max(1, w);
        }
        if (sum != outWidth) {
          throw json.at("widths").wrong("widths that make " + outWidth + " columns");
        }
        return new FittedTransform.Expand(columns, widths);
      }
      case "cut" -> {
        require(json, "columns", outWidth, width);
        List<Json> items = json.at("edges").items();
        require(json, "edges", items.size(), width);
        List<double[]> edges = new ArrayList<>();
        boolean[] binned = new boolean[width];
        for (int j = 0; j < width; j++) {
          binned[j] = !items.get(j).isNull();
          edges.add(binned[j] ? items.get(j).numbers() : new double[0]);
        }
        return new FittedTransform.Cut(columns, List.copyOf(edges), binned);
      }
      default -> throw kind.wrong("fill, indicate, scale, expand, recode or cut");
    }
  }

  private static Feature column(Json json) {
    String name = json.at("name").text();
    return json.has("categories")
        ? new Feature.Categorical(name, json.at("categories").texts())
        : new Feature.Numeric(name);
  }

  private static double[] doubles(Json json, String name, int length) {
    double[] values = json.at(name).numbers();
    require(json, name, values.length, length);
    return values;
  }

  private static void require(Json json, String name, int length, int expected) {
    if (length != expected) {
      throw json.at(name).wrong(expected + " items");
    }
  }
}
