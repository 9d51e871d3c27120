package dev.mlops.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** The reference values in vectors.json; how they were made is told in their "meta" object. */
final class Vectors {
  private static final JsonNode ROOT = read();

  private Vectors() {}

  static JsonNode section(String name) {
    return Objects.requireNonNull(ROOT.get(name), name);
  }

  static List<JsonNode> cases(String name) {
    List<JsonNode> all = new ArrayList<>();
    section(name).forEach(all::add);
    return all;
  }

  static double number(JsonNode node) {
    return node.isTextual() ? Double.parseDouble(node.textValue()) : node.doubleValue();
  }

  static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(array.get(i));
    }
    return values;
  }

  /** Either the literal sample {@code name} or the one that {@code name_gen} describes. */
  static double[] sample(JsonNode vector, String name) {
    JsonNode literal = vector.get(name);
    return literal == null ? generate(vector.get(name + "_gen")) : numbers(literal);
  }

  private static double[] generate(JsonNode spec) {
    Random random = new Random(spec.get("seed").longValue());
    double a = spec.path("a").doubleValue();
    double[] values = new double[spec.get("n").intValue()];
    for (int i = 0; i < values.length; i++) {
      double u = random.nextDouble();
      values[i] = switch (spec.get("op").textValue()) {
        case "u" -> u;
        case "shift" -> u + a;
        case "scale" -> u * a;
        case "sq" -> u * u;
        case "floor" -> Math.floor(u * a);
        case "floorsq" -> Math.floor(u * u * a);
        default -> throw new IllegalArgumentException(spec.toString());
      };
    }
    return values;
  }

  private static JsonNode read() {
    try (InputStream in = Vectors.class.getResourceAsStream("vectors.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
