package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.azure.peer.Node;
import java.util.HashMap;
import java.util.Map;

/**
 * The bodies of the REST examples that Microsoft publishes, by kind such as {@code Job/CommandJob}.
 */
final class PublishedExamples {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PublishedExamples() {}

  static JsonNode body(String kind) throws Exception {
    return requireNonNull(load().get(kind), kind);
  }

  private static Map<String, JsonNode> load() throws Exception {
    String lines = Node.run(
        "",
        "aml-examples.mjs",
        "jobsCreateOrUpdateSample.js",
        "modelVersionsCreateOrUpdateSample.js",
        "onlineEndpointsCreateOrUpdateSample.js");
    Map<String, JsonNode> bodies = new HashMap<>();
    for (String line : lines.strip().split("\n", -1)) {
      JsonNode example = JSON.readTree(line);
      String path = example.get("example").asText();
      String kind =
          path.substring(path.indexOf("/examples/") + "/examples/".length(), path.lastIndexOf('/'));
      bodies.put(kind, example.get("body"));
    }
    return bodies;
  }
}
