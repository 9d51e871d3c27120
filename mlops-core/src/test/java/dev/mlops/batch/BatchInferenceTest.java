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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /** Writes rows; every tenth of the first {@code bad * 10} is broken in one of three ways. */
  private Path input(int rows, int bad) throws IOException {
    var text = new StringBuilder("id,amount,hour,country,device\n");
    for (int i = 0; i < rows; i++) {
      int kind = i % 10 == 0 && i / 10 < bad ? i / 10 % 3 : -1;
      text.append("r").append(i).append(',').append(i % 97 + 0.5).append(',');
      text.append(kind == 0 ? "noon" : kind == 1 ? "" : Integer.toString(i % 24));
      text.append(',').append(i % 2 == 0 ? "AT" : "DE").append(",app");
      text.append(kind == 2 ? ",extra" : "").append('\n');
    }
    return Files.writeString(directory.resolve("in.csv"), text);
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
    List<String> rejects = Files.readAllLines(bad);
    assertThat(rejects).hasSize(201);
    assertThat(rejects.get(1)).isEqualTo("2,hour,\"expected a number, got 'noon'\"");
    assertThat(rejects.get(2)).startsWith("12,hour,").contains("missing");
    assertThat(rejects.get(3)).isEqualTo("22,,\"expected 5 values as in the header, got 6\"");
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
    assertThat(out).hasSameBinaryContentAs(whole);
    assertThat(bad).hasSameBinaryContentAs(wholeBad);
    assertThat(directory.resolve("out.csv.checkpoint")).doesNotExist();
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
