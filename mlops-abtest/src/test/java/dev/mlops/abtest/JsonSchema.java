package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The part of JSON Schema that the published schemas use; an unknown keyword fails the test. */
final class JsonSchema {
  private final JsonNode root;

  private JsonSchema(JsonNode root) {
    this.root = root;
  }

  static JsonSchema of(String name) {
    try (InputStream in = Analysis.class.getResourceAsStream(name)) {
      return new JsonSchema(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void assertValid(String json) {
    assertThat(errors(json)).isEmpty();
  }

  List<String> errors(String json) {
    List<String> errors = new ArrayList<>();
    try {
      check(root, new ObjectMapper().readTree(json), "$", errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return errors;
  }

  private void check(JsonNode schema, JsonNode value, String path, List<String> errors) {
    schema.properties().forEach(keyword -> {
      JsonNode rule = keyword.getValue();
      switch (keyword.getKey()) {
        case "$schema", "$id", "$defs", "title", "description" -> {}
        case "$ref" -> check(root.at(rule.asText().substring(1)), value, path, errors);
        case "type" -> {
          if (!type(rule, value)) {
            errors.add(path + " is not " + rule + ": " + value);
          }
        }
        case "const" -> {
          if (!rule.equals(value)) {
            errors.add(path + " is not " + rule);
          }
        }
        case "enum" -> {
          if (!contains(rule, value)) {
            errors.add(path + " is none of " + rule + ": " + value);
          }
        }
        case "minimum" -> {
          if (value.isNumber() && value.asDouble() < rule.asDouble()) {
            errors.add(path + " is below " + rule + ": " + value);
          }
        }
        case "maximum" -> {
          if (value.isNumber() && value.asDouble() > rule.asDouble()) {
            errors.add(path + " is above " + rule + ": " + value);
          }
        }
        case "required" ->
          rule.forEach(name -> {
            if (!value.has(name.asText())) {
              errors.add(path + " lacks " + name);
            }
          });
        case "properties" ->
          value.properties().forEach(p -> {
            if (rule.has(p.getKey())) {
              check(rule.get(p.getKey()), p.getValue(), path + "." + p.getKey(), errors);
            } else if (schema.path("additionalProperties").isMissingNode()) {
              errors.add(path + " has the undocumented field " + p.getKey());
            }
          });
        case "additionalProperties" ->
          value.properties().forEach(p -> {
            if (!schema.path("properties").has(p.getKey())) {
              check(rule, p.getValue(), path + "." + p.getKey(), errors);
            }
          });
        case "items" -> {
          for (int i = 0; i < value.size(); i++) {
            check(rule, value.get(i), path + "[" + i + "]", errors);
          }
        }
        default -> errors.add("the schema uses the keyword " + keyword.getKey());
      }
    });
  }

  private static boolean contains(JsonNode array, JsonNode value) {
    for (JsonNode one : array) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean type(JsonNode rule, JsonNode value) {
    if (rule.isArray()) {
      for (JsonNode one : rule) {
        if (type(one, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (rule.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> false;
    };
  }
}
