package dev.mlops.azure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Envelopes without what differs from run to run. A field is left out of the comparison by its name
 * and only if it has the form it should have; every other field is compared as it arrived.
 */
final class GoldenEnvelopes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SPAN = Pattern.compile("[0-9a-f]{16}");

  private static final Map<String, Pattern> VOLATILE = Map.of(
      "/time",
      Pattern.compile("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"),
      "/tags/ai.internal.sdkVersion",
      Pattern.compile("[a-z]+_java[^:]+:otel[0-9.]+:ext[0-9.]+"),
      "/tags/ai.operation.id",
      Pattern.compile("[0-9a-f]{32}"),
      "/tags/ai.operation.parentId",
      SPAN,
      "/data/baseData/id",
      SPAN,
      "/data/baseData/duration",
      Pattern.compile("00:0\\d:\\d\\d\\.\\d{6}"));

  /** The metrics that measure the machine, and which of their numbers do. */
  private static final Map<String, Set<String>> VOLATILE_METRICS = Map.of(
      "mlops.model.age", Set.of("value"),
      "prediction_requests_per_second", Set.of("value"),
      "mlops.prediction.duration", Set.of("value", "min", "max"));

  private GoldenEnvelopes() {}

  /** Every different envelope once, in a fixed order, with how often it arrived. */
  static ArrayNode of(List<JsonNode> envelopes) {
    Map<String, Integer> times = new TreeMap<>();
    envelopes.forEach(envelope -> times.merge(normalized(envelope).toString(), 1, Integer::sum));
    ArrayNode golden = JSON.createArrayNode();
    times.forEach((envelope, count) ->
        golden.addObject().put("times", count).set("envelope", read(envelope)));
    return golden;
  }

  private static ObjectNode normalized(JsonNode envelope) {
    ObjectNode copy = envelope.deepCopy();
    VOLATILE.forEach((pointer, form) -> {
      JsonNode value = copy.at(pointer);
      if (value.isTextual() && form.matcher(value.asText()).matches()) {
        int last = pointer.lastIndexOf('/');
        ((ObjectNode) copy.at(pointer.substring(0, last))).put(pointer.substring(last + 1), "X");
      }
    });
    JsonNode data = copy.at("/data/baseData");
    for (JsonNode metric : data.path("metrics")) {
      for (String field : VOLATILE_METRICS.getOrDefault(metric.path("name").asText(), Set.of())) {
        if (metric.path(field).asDouble(-1) >= 0) {
          ((ObjectNode) metric).put(field, "X");
        }
      }
    }
    for (JsonNode exception : data.path("exceptions")) {
      if (exception.path("stack").asText().startsWith(exception.path("typeName").asText())) {
        ((ObjectNode) exception).put("stack", "X");
      }
      ((ObjectNode) exception).remove("parsedStack");
    }
    return copy;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
