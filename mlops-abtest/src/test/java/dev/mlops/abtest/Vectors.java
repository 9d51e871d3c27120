package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reference values of SciPy, statsmodels, gbstats and others; sources are in the file. */
public final class Vectors {
  private Vectors() {}

  public static List<JsonNode> of(String name) {
    return named(name, all());
  }

  /** The same with more digits, where the source itself is short of them; see recompute.py. */
  public static List<JsonNode> recomputed(String name) {
    return named(name, read("/recomputed.json"));
  }

  private static List<JsonNode> named(String name, List<JsonNode> vectors) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode vector : vectors) {
      if (vector.get("name").asText().equals(name)) {
        found.add(vector);
      }
    }
    assertThat(found).as("vectors named %s", name).isNotEmpty();
    return found;
  }

  public static List<JsonNode> all() {
    return read("/vectors.json");
  }

  private static List<JsonNode> read(String resource) {
    try (InputStream in = Vectors.class.getResourceAsStream(resource)) {
      List<JsonNode> vectors = new ArrayList<>();
      new ObjectMapper().readTree(in).get("vectors").forEach(vectors::add);
      return vectors;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  public static double in(JsonNode vector, String name) {
    return number(vector.get("inputs").get(name));
  }

  public static double out(JsonNode vector, String name) {
    return number(vector.get("outputs").get(name));
  }

  private static double number(JsonNode node) {
    return node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble();
  }

  /** Relative agreement, absolute where the expected value is 0. */
  public static void close(String what, double actual, double expected, double tolerance) {
    if (Double.isInfinite(expected)) {
      assertThat(actual).as(what).isEqualTo(expected);
      return;
    }
    double allowed = Math.max(tolerance * Math.abs(expected), 1e-15);
    assertThat(Math.abs(actual - expected))
        .as("%s: %s against %s", what, actual, expected)
        .isLessThanOrEqualTo(allowed);
  }
}
