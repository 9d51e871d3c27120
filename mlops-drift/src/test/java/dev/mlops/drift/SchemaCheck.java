package dev.mlops.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Just enough of JSON Schema to check the published one; an unknown keyword is a failure. */
final class SchemaCheck {
  private final JsonNode root;
  private final List<String> problems = new ArrayList<>();

  private SchemaCheck(JsonNode root) {
    this.root = root;
  }

  static List<String> problems(JsonNode schema, JsonNode document) {
    SchemaCheck check = new SchemaCheck(schema);
    check.visit(schema, document, "");
    return check.problems;
  }

  private void visit(JsonNode schema, JsonNode value, String at) {
    schema
        .properties()
        .forEach(keyword -> apply(keyword.getKey(), keyword.getValue(), schema, value, at));
  }

  private void apply(String keyword, JsonNode rule, JsonNode schema, JsonNode value, String at) {
    boolean holds = switch (keyword) {
      case "$schema", "$id", "title", "description", "$defs" -> true;
      case "$ref" -> {
        visit(root.at(rule.textValue().substring(1)), value, at);
        yield true;
      }
      case "type" ->
        switch (rule.textValue()) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isTextual();
          case "integer" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          default -> false;
        };
      case "const" -> rule.equals(value) || (rule.isNumber() && rule.asLong() == value.asLong(-1));
      case "enum" -> contains(rule, value);
      case "properties" -> {
        rule.properties().forEach(p -> {
          if (value.has(p.getKey())) {
            visit(p.getValue(), value.get(p.getKey()), at + "/" + p.getKey());
          }
        });
        yield true;
      }
      case "required" -> {
        boolean all = true;
        for (JsonNode name : rule) {
          all &= value.has(name.textValue());
        }
        yield all;
      }
      case "additionalProperties" -> {
        if (!schema.has("properties")) {
          value.properties().forEach(p -> visit(rule, p.getValue(), at + "/" + p.getKey()));
        }
        yield true;
      }
      case "items" -> {
        for (int i = 0; i < value.size(); i++) {
          visit(rule, value.get(i), at + "/" + i);
        }
        yield true;
      }
      case "anyOf" -> {
        boolean any = false;
        for (JsonNode option : rule) {
          any |= SchemaCheck.problems(option, value).isEmpty();
        }
        yield any;
      }
      case "maxItems" -> value.size() <= rule.intValue();
      case "minimum" -> value.doubleValue() >= rule.doubleValue();
      case "maximum" -> value.doubleValue() <= rule.doubleValue();
      case "exclusiveMinimum" -> value.doubleValue() > rule.doubleValue();
      case "exclusiveMaximum" -> value.doubleValue() < rule.doubleValue();
      case "pattern" ->
        Pattern.compile(rule.textValue()).matcher(value.asText()).find();
      default -> false;
    };
    if (!holds) {
      problems.add(at + ": " + keyword + " " + rule + " does not hold for " + value);
    }
  }

  private static boolean contains(JsonNode options, JsonNode value) {
    for (JsonNode option : options) {
      if (option.equals(value)) {
        return true;
      }
    }
    return false;
  }
}
