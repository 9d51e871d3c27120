package dev.mlops.store.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.error.CorruptException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Strict reading and plain writing of stored JSON objects. */
public final class Json {
  /** The largest accepted document in bytes. */
  public static final int MAX_BYTES = 16 << 20;

  private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder()
              .maxNestingDepth(64)
              .maxDocumentLength(MAX_BYTES)
              .maxStringLength(MAX_BYTES)
              .maxNumberLength(400)
              .build())
          .build())
      .enable(
          DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
          DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
      .build();

  private final String key;
  private final JsonNode node;

  private Json(String key, JsonNode node) {
    this.key = key;
    this.node = node;
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree could not be written", e);
    }
  }

  public static String pretty(JsonNode node) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree could not be written", e);
    }
  }

  /** Parses one object; {@code key} names it in messages. */
  public static Json parse(String key, byte[] content) {
    return new Json(key, tree(key, content));
  }

  /** Parses one object as a tree. */
  public static JsonNode tree(String key, byte[] content) {
    try {
      JsonNode node = MAPPER.readTree(content);
      if (node == null || !node.isObject()) {
        throw new CorruptException(key + " is not a JSON object");
      }
      return node;
    } catch (IOException e) {
      throw new CorruptException(key + " is not JSON: " + firstLine(e), e);
    }
  }

  private static String firstLine(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  public static Json of(String key, JsonNode node) {
    return new Json(key, node);
  }

  public CorruptException corrupt(String field, String expected) {
    @Nullable JsonNode found = node.get(field);
    return new CorruptException(key + ": field '" + field + "' should be " + expected + ", got "
        + abbreviate(String.valueOf(found)));
  }

  private static String abbreviate(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  public String text(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isTextual()) {
      throw corrupt(field, "a text");
    }
    return value.textValue();
  }

  public Optional<String> optionalText(String field) {
    return has(field) ? Optional.of(text(field)) : Optional.empty();
  }

  public long longValue(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw corrupt(field, "an integer");
    }
    return value.longValue();
  }

  public int intValue(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
      throw corrupt(field, "an integer");
    }
    return value.intValue();
  }

  public boolean flag(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isBoolean()) {
      throw corrupt(field, "true or false");
    }
    return value.booleanValue();
  }

  public Instant instant(String field) {
    try {
      return Instants.parse(text(field));
    } catch (DateTimeException e) {
      throw new CorruptException(
          key + ": field '" + field + "' should be an ISO-8601 instant, got " + text(field), e);
    }
  }

  public Json child(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isObject()) {
      throw corrupt(field, "an object");
    }
    return new Json(key + " " + field, value);
  }

  public Iterable<Json> children(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isArray()) {
      throw corrupt(field, "a list");
    }
    var children = new java.util.ArrayList<Json>(value.size());
    for (JsonNode element : value) {
      if (!element.isObject()) {
        throw corrupt(field, "a list of objects");
      }
      children.add(new Json(key + " " + field, element));
    }
    return children;
  }

  public java.util.List<String> texts(String field) {
    JsonNode value = node.get(field);
    if (value == null || !value.isArray()) {
      throw corrupt(field, "a list of texts");
    }
    var texts = new java.util.ArrayList<String>(value.size());
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        throw corrupt(field, "a list of texts");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  public Map<String, String> textMap(String field) {
    var texts = new TreeMap<String, String>();
    Json map = child(field);
    map.node.fieldNames().forEachRemaining(name -> texts.put(name, map.text(name)));
    return texts;
  }

  public Map<String, Double> numberMap(String field) {
    var numbers = new TreeMap<String, Double>();
    Json map = child(field);
    map.node.fieldNames().forEachRemaining(name -> numbers.put(name, map.number(name)));
    return numbers;
  }

  /** Reads a double; JSON has no NaN and no infinity, so those are texts. */
  public double number(String field) {
    JsonNode value = node.get(field);
    if (value != null && value.isNumber()) {
      return value.doubleValue();
    }
    String text = value != null && value.isTextual() ? value.textValue() : "";
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw corrupt(field, "a number");
    };
  }

  /** Writes a double as {@link #number} reads it. */
  public static void putNumber(ObjectNode node, String field, double value) {
    if (Double.isFinite(value)) {
      node.put(field, value);
    } else {
      node.put(field, Double.toString(value));
    }
  }

  /** Writes a double as {@link #number} reads it. */
  public static void writeNumber(JsonGenerator json, String field, double value)
      throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumberField(field, value);
    } else {
      json.writeStringField(field, Double.toString(value));
    }
  }

  /** Starts writing objects one after another with commas between them. */
  public static JsonGenerator sequence(OutputStream target) {
    try {
      return MAPPER.createGenerator(target).setRootValueSeparator(new SerializedString(","));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ObjectNode textMap(Map<String, String> map) {
    ObjectNode node = object();
    new TreeMap<>(map).forEach(node::put);
    return node;
  }

  public static ObjectNode numberMap(Map<String, Double> map) {
    ObjectNode node = object();
    new TreeMap<>(map).forEach((name, value) -> putNumber(node, name, value));
    return node;
  }

  /** Checks the format version of a stored document. */
  public Json requireFormatVersion(int known) {
    int version = intValue("formatVersion");
    if (version != known) {
      throw new CorruptException(
          key + " has format version " + version + ", this library reads " + known);
    }
    return this;
  }
}
