package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The workbook and the alert rules hold the queries of {@code kql/}, word for word, and all of
 * them.
 */
class ShippedQueriesTest {
  private static String resource(String name) throws Exception {
    try (InputStream in =
        Objects.requireNonNull(AzureMlops.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Set<String> files(boolean alerts) throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src", "main", "resources", "kql"))) {
      return files
          .map(file -> file.getFileName().toString().replace(".kql", ""))
          .filter(name -> name.startsWith("alert-") == alerts)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void workbook_showsEveryQuery() throws Exception {
    JsonNode workbook = new ObjectMapper().readTree(resource("/azure/workbook.json"));
    Set<String> shown = new TreeSet<>();
    for (JsonNode item : workbook.get("items")) {
      if (item.get("type").asInt() == 3) {
        String name = item.get("name").asText();
        assertThat(item.at("/content/query").asText())
            .as(name)
            .isEqualTo(resource("/kql/" + name + ".kql"));
        shown.add(name);
      }
    }

    assertThat(shown).isEqualTo(files(false));
  }

  @Test
  void alertRules_useEveryAlertQuery() throws Exception {
    JsonNode template = new ObjectMapper().readTree(resource("/azure/alert-rules.json"));
    Set<String> used = new TreeSet<>();
    for (String name : files(true)) {
      for (JsonNode rule : template.get("resources")) {
        if (rule.at("/properties/criteria/allOf/0/query")
            .asText()
            .equals(resource("/kql/" + name + ".kql"))) {
          used.add(name);
        }
      }
    }

    assertThat(used).isEqualTo(files(true));
    assertThat(template.get("resources")).hasSize(used.size());
  }
}
