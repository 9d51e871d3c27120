package dev.mlops.azure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.azure.peer.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shipped queries use nothing that a run of the quickstart does not send. */
class QueriesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path QUERIES = Path.of("src", "main", "resources", "kql");

  /** Where a column of Application Insights comes from in an envelope. */
  private static final Map<String, String> COMMON = Map.of(
      "timestamp", "/time",
      "cloud_RoleName", "/tags/ai.cloud.role",
      "cloud_RoleInstance", "/tags/ai.cloud.roleInstance",
      "operation_Id", "/tags/ai.operation.id",
      "customDimensions", "/data/baseData/properties");

  private static final Map<String, Map<String, String>> COLUMNS = Map.of(
      "requests",
          with(Map.of(
              "id", "/data/baseData/id",
              "name", "/data/baseData/name",
              "url", "/data/baseData/url",
              "success", "/data/baseData/success",
              "resultCode", "/data/baseData/responseCode",
              "duration", "/data/baseData/duration")),
      "dependencies",
          with(Map.of(
              "id", "/data/baseData/id",
              "name", "/data/baseData/name",
              "type", "/data/baseData/type",
              "success", "/data/baseData/success",
              "duration", "/data/baseData/duration")),
      "customMetrics",
          with(Map.of(
              "name", "/data/baseData/metrics/0/name",
              "value", "/data/baseData/metrics/0/value",
              "valueSum", "/data/baseData/metrics/0/value",
              "valueCount", "/data/baseData/metrics/0/count",
              "valueMin", "/data/baseData/metrics/0/min",
              "valueMax", "/data/baseData/metrics/0/max")),
      "customEvents", with(Map.of("name", "/data/baseData/name")),
      "traces",
          with(Map.of(
              "message", "/data/baseData/message",
              "severityLevel", "/data/baseData/severityLevel")),
      "exceptions",
          with(Map.of(
              "type", "/data/baseData/exceptions/0/typeName",
              "outerMessage", "/data/baseData/exceptions/0/message")));

  private static final Map<String, String> TABLES = Map.of(
      "RequestData", "requests",
      "RemoteDependencyData", "dependencies",
      "MetricData", "customMetrics",
      "EventData", "customEvents",
      "MessageData", "traces",
      "ExceptionData", "exceptions");

  private static Map<String, String> with(Map<String, String> own) {
    Map<String, String> all = new TreeMap<>(COMMON);
    all.putAll(own);
    return all;
  }

  private static List<JsonNode> envelopes() {
    return QuickstartCapture.get().envelopes();
  }

  private static Map<String, String> queries() throws IOException {
    try (Stream<Path> files = Files.list(QUERIES)) {
      Map<String, String> queries = new TreeMap<>();
      for (Path file : (Iterable<Path>) files::iterator) {
        queries.put(file.getFileName().toString(), Files.readString(file));
      }
      return queries;
    }
  }

  private static String type(String column) {
    return switch (column) {
      case "timestamp" -> "datetime";
      case "customDimensions" -> "dynamic";
      case "duration", "value", "valueSum", "valueMin", "valueMax" -> "real";
      case "valueCount", "severityLevel" -> "int";
      case "success" -> "bool";
      default -> "string";
    };
  }

  @Test
  void queries_resolveAndUseOnlyWhatArrives() throws Exception {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("queries", queries());
    input.put(
        "tables",
        COLUMNS.entrySet().stream()
            .collect(Collectors.toMap(
                Map.Entry::getKey,
                table -> table.getValue().keySet().stream()
                    .map(column -> List.of(column, type(column)))
                    .toList())));

    Set<String> unmet = new TreeSet<>();
    int checked = 0;
    for (String line : Node.run(new ObjectMapper().writeValueAsString(input), "kql-check.mjs")
        .strip()
        .split("\n", -1)) {
      JsonNode result = JSON.readTree(line);
      String query = result.get("query").asText();
      result.get("problems").forEach(problem -> unmet.add(query + ": " + problem.asText()));
      for (JsonNode column : result.get("columns")) {
        if (!arrives(column.asText())) {
          unmet.add(query + ": no payload has " + column.asText());
        }
      }
      checked++;
    }

    assertThat(unmet).isEmpty();
    assertThat(checked).isEqualTo(queries().size()).isGreaterThanOrEqualTo(12);
  }

  private static boolean arrives(String tableAndColumn) {
    String table = tableAndColumn.substring(0, tableAndColumn.indexOf('.'));
    String path = requireNonNull(
        requireNonNull(COLUMNS.get(table), table).get(tableAndColumn.substring(table.length() + 1)),
        tableAndColumn);
    return envelopes().stream()
        .filter(
            envelope -> table.equals(TABLES.get(envelope.at("/data/baseType").asText())))
        .anyMatch(envelope -> !envelope.at(path).isMissingNode());
  }

  @Test
  void queries_nameOnlyMetricsEventsAndDimensionsThatArrive() throws Exception {
    Set<String> names = new TreeSet<>();
    Set<String> dimensions = new TreeSet<>();
    for (JsonNode envelope : envelopes()) {
      JsonNode data = envelope.at("/data/baseData");
      names.add(data.path("name").asText(data.at("/metrics/0/name").asText()));
      data.path("properties").fieldNames().forEachRemaining(dimensions::add);
    }

    Set<String> used = new TreeSet<>();
    List<String> unmet = new ArrayList<>();
    Pattern dimension = Pattern.compile("customDimensions\\[\"([^\"]+)\"]");
    Pattern name = Pattern.compile("\"((?:mlops\\.|predict)[^\"]*)\"(?!])");
    for (Map.Entry<String, String> query : queries().entrySet()) {
      Matcher found = dimension.matcher(query.getValue());
      while (found.find()) {
        used.add(found.group(1));
        if (!dimensions.contains(found.group(1))) {
          unmet.add(query.getKey() + ": no payload has the dimension " + found.group(1));
        }
      }
      found = name.matcher(query.getValue());
      while (found.find()) {
        used.add(found.group(1));
        if (!names.contains(found.group(1))) {
          unmet.add(query.getKey() + ": no payload has the name " + found.group(1));
        }
      }
    }

    assertThat(unmet).isEmpty();
    assertThat(used).hasSizeGreaterThan(8);
  }
}
