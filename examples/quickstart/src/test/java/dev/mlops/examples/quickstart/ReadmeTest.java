package dev.mlops.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.model.ModelRef;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  private static final Path README = Path.of("..", "..", "README.md");
  private static final Path SOURCE = Path.of(
      "src", "main", "java", "dev", "mlops", "examples", "quickstart", "ReadmeExample.java");
  private static final Path DATA = Path.of("src", "main", "resources", "data", "wdbc.csv");

  @Test
  void program_inReadme_isTheCompiledOne() throws IOException {
    String readme = withoutSpace(between(Files.readAllLines(README), "```java", "```"));
    String source =
        withoutSpace(between(Files.readAllLines(SOURCE), "// README begin", "// README end"));

    assertThat(readme).isEqualTo(source);
  }

  @Test
  void firstFortyLines_haveTheCommandsAndCoordinates() throws IOException {
    List<String> head = Files.readAllLines(README).subList(0, 40);

    assertThat(String.join("\n", head))
        .contains(
            "./mvnw -q -Pquickstart", "./mvnw verify", "<groupId>dev.mlops</groupId>", "```java");
  }

  @Test
  void program_onTheBundledTable_promotesItsFirstVersion(@TempDir Path directory) {
    ReadmeExample.run(DATA, "diagnosis", directory);

    try (ObjectStore store = ObjectStore.directory(directory)) {
      ModelRegistry registry = ModelRegistry.builder(store).actor("test").build();
      assertThat(registry.get(ModelRef.parse("fraud@champion")).number()).isEqualTo(1);
      assertThat(registry.verify().problems()).isEmpty();
    }
  }

  /** Line breaks and indentation are the formatter's business, not the README's. */
  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }

  private static String between(List<String> lines, String begin, String end) {
    int from = indexOf(lines, begin, 0) + 1;
    return String.join("\n", lines.subList(from, indexOf(lines, end, from)));
  }

  private static int indexOf(List<String> lines, String marker, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(marker)) {
        return i;
      }
    }
    throw new AssertionError("no line '" + marker + "' after line " + from);
  }
}
