package dev.mlops.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user can get wrong is refused with file, line and column, and nothing is left behind. */
class BadInputTest {
  @TempDir
  Path directory;

  static Stream<Arguments> tables() {
    return Stream.of(
        Arguments.of("empty", "", "y", "in.csv: expected a header line, got an empty file"),
        Arguments.of("header only", "x,y\n", "y", "in.csv"),
        Arguments.of("ragged", "x,y\n1,a\n2\n3,b\n", "y", "line 3"),
        Arguments.of("unparsable number", numbers() + "oops,a\n", "y", "'oops'"),
        Arguments.of("unknown label", "x,y\n1,a\n2,b\n", "z", "'z'"),
        Arguments.of("one class", "x,y\n1,a\n2,a\n3,a\n", "y", "class"),
        Arguments.of("all missing", "x,w,y\n1,,a\n2,,b\n3,,a\n", "y", "'w'"),
        Arguments.of("duplicate column", "x,x,y\n1,1,a\n2,2,b\n", "y", "'x'"));
  }

  /** Enough numbers that one text among them is an error, not a category. */
  private static String numbers() {
    StringBuilder csv = new StringBuilder("x,y\n");
    for (int i = 0; i < 50; i++) {
      csv.append(i).append(i % 2 == 0 ? ",a\n" : ",b\n");
    }
    return csv.toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void table_thatBreaksARule_isRefusedAndLeavesNothing(
      String name, String content, String label, String expected) throws IOException {
    Path csv = Files.writeString(directory.resolve("in.csv"), content);

    assertRefused(csv, label, expected);
  }

  @Test
  void file_thatDoesNotExist_isRefused() {
    assertRefused(directory.resolve("none.csv"), "y", "none.csv");
  }

  @Test
  void csvWithoutLabel_isRefused() {
    assertThatThrownBy(() -> Options.parse("--csv=in.csv", "--label="))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("-Dlabel=COLUMN");
  }

  private void assertRefused(Path csv, String label, String expected) {
    Path out = directory.resolve("out");
    var options = Options.parse("--out=" + out, "--csv=" + csv, "--label=" + label);
    var lifecycle =
        new Lifecycle(options, new PrintStream(new ByteArrayOutputStream(), true, UTF_8));

    assertThatThrownBy(lifecycle::run)
        .isInstanceOf(MlopsException.class)
        .hasMessageContaining(csv.getFileName().toString())
        .hasMessageContaining(expected);
    assertThat(out).doesNotExist();
  }
}
