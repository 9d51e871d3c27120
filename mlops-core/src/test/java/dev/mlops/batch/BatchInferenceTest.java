package dev.mlops.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.Predictor;
import dev.mlops.training.Recipe;
import dev.mlops.training.TestTables;
import dev.mlops.training.Trainer;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchInferenceTest {
  private static Predictor predictor;
  private static Table table;

  @TempDir
  Path directory;

  @BeforeAll
  static void train() {
    table = TestTables.mixed(500, 3);
    predictor = Recipe.builder()
        .impute(dev.mlops.training.Transform.Fill.MEDIAN, "amount")
        .impute(dev.mlops.training.Transform.Fill.MOST_FREQUENT, "country")
        .standardise()
        .oneHot()
        .trainer(Trainer.logisticRegression().epochs(2))
        .build()
        .train(table)
        .predictor();
  }

  /** What a planted bad row looks like, and the column and reason that its reject must have. */
  private enum Bad {
    NO_NUMBER("%s,1.5,noon,AT,app", "hour", "\"expected a number, got 'noon'\""),
    MISSING(
        "%s,1.5,,AT,app",
        "hour", "\"features [hour] are missing (NaN) and not all of them are imputed\""),
    TOO_MANY("%s,1.5,3,AT,app,extra", "device", "\"expected 5 values as in the header, got 6\""),
    TOO_FEW("%s,1.5,3", "country", "\"expected 5 values as in the header, got 3\""),
    OPEN_QUOTE(
        "%s,\"1.5,3,AT,app",
        "amount", "\"expected a delimiter after the closing quote, got more text\""),
    TEXT_AFTER_QUOTE(
        "%s,1.5,\"3\"x,AT,app",
        "hour", "\"expected a delimiter after the closing quote, got more text\""),
    NO_TEXT("%s,1.5,3,A\u00ff,app", "country", "\"expected UTF-8 text, got other bytes\"");

    private final String row;
    private final String column;
    private final String reason;

    Bad(String row, String column, String reason) {
      this.row = row;
      this.column = column;
      this.reason = reason;
    }

    String reject(int line) {
      return line + "," + column + "," + (reason.contains(",") ? reason : reason.replace("\"", ""));
    }
  }

  /** Writes rows; every tenth of the first {@code bad * 10} is broken, in every way in turn. */
  private Path input(int rows, int bad) throws IOException {
    Path file = directory.resolve("in.csv");
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
      out.write("id,amount,hour,country,device\n");
      for (int i = 0; i < rows; i++) {
        out.write(
            i % 10 == 0 && i / 10 < bad
                ? Bad.values()[i / 10 % Bad.values().length].row.formatted("r" + i)
                : "r" + i + "," + (i % 97 + 0.5) + ",\"" + i % 24 + "\","
                    + (i % 2 == 0 ? "AT" : "DE") + ",app");
        out.write('\n');
      }
    }
    return file;
  }

  private static List<String> expectedRejects(int bad) {
    return Stream.concat(
            Stream.of("line,column,reason"),
            IntStream.range(0, bad)
                .mapToObj(b -> Bad.values()[b % Bad.values().length].reject(2 + 10 * b)))
        .toList();
  }

  private BatchInference batch(int threads) {
    return BatchInference.builder(predictor)
        .keep("id")
        .threads(threads)
        .chunkRows(64)
        .build();
  }

  @Test
  void run_keepsOrderAndPutsEveryBadRowInTheRejects() throws IOException {
    Path in = input(3000, 200);
    Path out = directory.resolve("out.csv");
    Path bad = directory.resolve("bad.csv");

    BatchResult result = batch(2).run(in, out, bad);

    assertThat(result).isEqualTo(new BatchResult(3000, 200, 0));
    assertThat(result.scored()).isEqualTo(2800);
    List<String> scored = Files.readAllLines(out);
    assertThat(scored.get(0)).isEqualTo("line,id,score_no,score_yes,prediction");
    assertThat(scored).hasSize(2801);
    double[] expected = predictor.predict(new double[] {1.5, 1, 1, 0});
    assertThat(scored.get(1)).isEqualTo("3,r1," + expected[0] + "," + expected[1] + "," + "no");
    assertThat(Files.readAllLines(bad)).isEqualTo(expectedRejects(200));
    assertThat(scored.stream().skip(1).map(line -> line.split(",", 3)[1]))
        .isEqualTo(IntStream.range(0, 3000)
            .filter(i -> i % 10 != 0 || i >= 2000)
            .mapToObj(i -> "r" + i)
            .toList());
    assertThat(Files.list(directory)).hasSize(3);
  }

  @Test
  void run_onAnyNumberOfThreads_writesTheSameBytes() throws IOException {
    Path in = input(3000, 100);
    batch(1).run(in, directory.resolve("a.csv"), directory.resolve("ab.csv"));
    batch(2).run(in, directory.resolve("b.csv"), directory.resolve("bb.csv"));

    assertThat(directory.resolve("b.csv")).hasSameBinaryContentAs(directory.resolve("a.csv"));
    assertThat(directory.resolve("bb.csv")).hasSameBinaryContentAs(directory.resolve("ab.csv"));
  }

  /** Stops a run by an error of the host, as often as it takes, and lets it go on each time. */
  @Test
  void run_interruptedAndStartedAgain_writesTheSameBytesAsARunWithoutInterruption()
      throws IOException {
    Path in = input(450_000, 10_000);
    Path whole = directory.resolve("whole.csv");
    Path wholeBad = directory.resolve("whole-bad.csv");
    Path out = directory.resolve("out.csv");
    Path bad = directory.resolve("bad.csv");
    BatchInference.builder(predictor).keep("id").threads(2).build().run(in, whole, wholeBad);
    List<Long> resumed = new ArrayList<>();
    BatchResult result = null;
    for (int attempt = 0; result == null; attempt++) {
      long stopAt = 170_000L * (attempt + 1);
      try {
        result = BatchInference.builder(predictor)
            .keep("id")
            .threads(2)
            .listener((rows, rejected, read, total) -> {
              if (rows > stopAt && rows < 400_000) {
                throw new IllegalStateException("stopped");
              }
            })
            .build()
            .run(in, out, bad);
        resumed.add(result.resumedAt());
      } catch (IllegalStateException stopped) {
        assertThat(out).doesNotExist();
      }
    }

    assertThat(resumed).allSatisfy(at -> assertThat(at).isGreaterThanOrEqualTo(100_000));
    assertThat(result.rejected()).isEqualTo(10_000);
    assertThat(Files.readAllLines(bad)).isEqualTo(expectedRejects(10_000));
    assertThat(out).hasSameBinaryContentAs(whole);
    assertThat(bad).hasSameBinaryContentAs(wholeBad);
    assertThat(directory.resolve("out.csv.checkpoint")).doesNotExist();
  }

  /** Quotes that are never closed, also within a bound that the file exceeds. */
  @Test
  void run_ofAQuoteThatIsNeverClosed_rejectsItsLineAndGoesOn() throws IOException {
    Path in = directory.resolve("in.csv");
    var text = new StringBuilder("id,amount,hour,country,device\r\n");
    text.append("a,1,2,AT,app\r\n");
    text.append("b,1,2,\"AT,app\r\n");
    text.append("\r\n");
    for (int i = 0; i < 90_000; i++) {
      text.append("c,1,2,DE,app\r\n");
    }
    text.append("d,1,2,\"multi\r\nline\",app\r\n");
    text.append("e,1,2,\"AT,app\r\n");
    text.append("f,1,2,AT,app");
    Files.writeString(in, text);

    BatchResult result =
        batch(2).run(in, directory.resolve("out.csv"), directory.resolve("bad.csv"));

    assertThat(Files.readAllLines(directory.resolve("bad.csv")))
        .containsExactly(
            "line,column,reason",
            "3,country,expected the quote to be closed within 1 MiB",
            "90007,country,\"expected the quote to be closed, the file ends\"");
    assertThat(result).isEqualTo(new BatchResult(90_005, 2, 0));
    List<String> scored = Files.readAllLines(directory.resolve("out.csv"));
    assertThat(scored.get(90_002)).startsWith("90005,d,");
    assertThat(scored.get(90_003)).startsWith("90008,f,");
  }

  @Test
  void run_ofALineWithoutEnd_rejectsItInBoundedMemory() throws IOException {
    Path in = directory.resolve("in.csv");
    Files.writeString(
        in,
        "id,amount,hour,country,device\na,1,2,AT,app\nb," + "x".repeat(5 << 20)
            + "\nc,1,2,AT,app\n");

    BatchResult result =
        batch(1).run(in, directory.resolve("out.csv"), directory.resolve("bad.csv"));

    assertThat(result).isEqualTo(new BatchResult(3, 1, 0));
    assertThat(Files.readAllLines(directory.resolve("bad.csv")).get(1))
        .isEqualTo("3,amount,expected a record of at most 2 MiB");
  }

  @Test
  void build_withADelimiterThatIsNone_isRefused() {
    for (char delimiter : new char[] {'"', '\n', '\u00a7'}) {
      assertThatThrownBy(() -> BatchInference.builder(predictor).delimiter(delimiter))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("got character " + (int) delimiter);
    }
  }

  @Test
  void run_ofBadArguments_isRefusedBeforeAnythingIsWritten() throws IOException {
    Path in = input(10, 0);
    Path out = directory.resolve("out.csv");

    assertThatThrownBy(() -> batch(1).run(in, in, out)).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> batch(1).run(directory.resolve("no"), out, directory.resolve("bad")))
        .isInstanceOf(NotFoundException.class);
    Path narrow = Files.writeString(directory.resolve("narrow.csv"), "id,amount\n1,2\n");
    assertThatThrownBy(() -> batch(1).run(narrow, out, directory.resolve("bad")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected a column 'hour'");
    assertThat(out).doesNotExist();
    assertThat(directory.resolve("out.csv.part")).doesNotExist();
  }
}
