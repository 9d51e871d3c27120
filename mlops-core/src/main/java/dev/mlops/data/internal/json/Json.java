package dev.mlops.data.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads JSON fields with the place in the message when one does not fit. */
public final class Json {
  /** Strict: no duplicate names, nothing after the end, no deep nesting. */
  public static final JsonMapper MAPPER = JsonMapper.builder(
          com.fasterxml.jackson.core.JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(50).build())
              .build())
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private final JsonNode node;
  private final String place;
  private final Function<String, RuntimeException> failure;

  private Json(JsonNode node, String place, Function<String, RuntimeException> failure) {
    this.node = node;
    this.place = place;
    this.failure = failure;
  }

  public static Json parse(String text, Function<String, RuntimeException> failure) {
    try {
      Json root = new Json(MAPPER.readTree(text), "$", failure);
      if (!root.node.isObject()) {
        throw root.wrong("an object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw failure.apply("expected JSON: " + e.getOriginalMessage());
    }
  }

  public RuntimeException wrong(String expected) {
    String got = node.isMissingNode() ? "nothing" : node.toString();
    return failure.apply(place
        + ": expected "
        + expected
        + ", got "
        + (got.length() <= 80 ? got : got.substring(0, 80) + "..."));
  }

  public boolean has(String name) {
    return node.hasNonNull(name);
  }

  public Json at(String name) {
    return new Json(node.path(name), place + "." + name, failure);
  }

  public String text() {
    if (!node.isTextual()) {
      throw wrong("a text");
    }
    return node.textValue();
  }

  public boolean isText(String text) {
    return node.isTextual() && node.textValue().equals(text);
  }

  public boolean isNull() {
    return node.isNull();
  }

  public double number() {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong("a number");
    }
    return node.doubleValue();
  }

  public int integer() {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw wrong("a whole number");
    }
    return node.intValue();
  }

  public long longInteger() {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrong("a whole number");
    }
    return node.longValue();
  }

  public boolean bool() {
    if (!node.isBoolean()) {
      throw wrong("true or false");
    }
    return node.booleanValue();
  }

  public <E extends Enum<E>> E oneOf(Class<E> type) {
    String text = text();
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw wrong("one of " + List.of(type.getEnumConstants()));
  }

  public List<Json> items() {
    if (!node.isArray()) {
      throw wrong("a list");
    }
    List<Json> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new Json(node.get(i), place + "[" + i + "]", failure));
    }
    return items;
  }

  public List<String> texts() {
    return items().stream().map(Json::text).toList();
  }

  /** Numbers, where null stands for NaN. */
  public double[] numbers() {
    return items().stream()
        .mapToDouble(item -> item.node.isNull() ? Double.NaN : item.number())
        .toArray();
  }

  public List<String> names() {
    if (!node.isObject()) {
      throw wrong("an object");
    }
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Writes a tree for people to read and compare, with a line end. */
  public static String pretty(JsonNode tree) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }
}
