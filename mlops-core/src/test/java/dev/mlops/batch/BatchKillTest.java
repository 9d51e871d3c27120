package dev.mlops.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.training.ChildJvm;
import dev.mlops.training.Recipe;
import dev.mlops.training.TestTables;
import dev.mlops.training.Trainer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file larger than the heap is scored by a process that is killed in the middle and started
 * again: 24 MiB with a heap of 32 MiB in the build, 1 GiB with 256 MiB with {@code -Plong}.
 */
class BatchKillTest {
  private static final boolean LONG = Boolean.getBoolean("mlops.long");
  private static final long BYTES = LONG ? 1L << 30 : 24L << 20;
  private static final String HEAP = LONG ? "-Xmx256m" : "-Xmx32m";
  private static final int BAD = 10_000;
  private static final List<String> BROKEN = List.of(
      "bad,noon,3,AT,app",
      "bad,1.5,3,AT",
      "bad,1.5,3,AT,app,more",
      "bad,1.5,\"3,AT,app",
      "bad,1.5,3,A\u00ff,app");

  /** The column and the reason of each. */
  private static final List<String> REASONS = List.of(
      "amount,\"expected a number, got 'noon'\"",
      "device,\"expected 5 values as in the header, got 4\"",
      "device,\"expected 5 values as in the header, got 6\"",
      "hour,\"expected a delimiter after the closing quote, got more text\"",
      "country,\"expected UTF-8 text, got other bytes\"");

  @TempDir
  Path directory;

  /** Scores; with a number of rows it tells when it has come so far and waits to be killed. */
  static final class Child {
    private static final Schema SCHEMA = new Schema(
        List.of(
            new Feature.Numeric("amount"),
            new Feature.Numeric("hour"),
            new Feature.Categorical("country", List.of("AT", "DE", "FR")),
            new Feature.Categorical("device", List.of("app", "web"))),
        new Target.Classes("fraud", List.of("no", "yes")));

    private Child() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException {
      long stopAt = Long.parseLong(args[4]);
      Predictor model = new FlatFormat().read(Files.readAllBytes(Path.of(args[0])), SCHEMA);
      BatchResult result = BatchInference.builder(model)
          .keep("id")
          .threads(2)
          .listener((rows, rejected, done, total) -> {
            if (rows >= stopAt) {
              System.out.println("so far");
              forever();
            }
          })
          .build()
          .run(Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
      System.out.println(result.rows() + " " + result.rejected() + " " + result.resumedAt());
    }

    private static void forever() {
      try {
        System.in.read();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private String score(String output, long stopAt) throws IOException, InterruptedException {
    Process process = ChildJvm.start(
        HEAP,
        entry -> false,
        Child.class,
        directory.resolve("model.flat").toString(),
        directory.resolve("in.csv").toString(),
        directory.resolve(output).toString(),
        directory.resolve("bad-" + output).toString(),
        Long.toString(stopAt));
    try (var printed = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      String line = printed.readLine();
      while (line != null && line.startsWith("[main]")) {
        line = printed.readLine();
      }
      String first = String.valueOf(line);
      if (first.equals("so far")) {
        process.destroyForcibly();
      }
      process.waitFor();
      return first;
    }
  }

  /** Returns the number of rows. */
  private long input() throws IOException {
    Path file = directory.resolve("in.csv");
    long rows = 0;
    long written = 0;
    try (BufferedWriter out = Files.newBufferedWriter(file, ISO_8859_1)) {
      out.write("id,amount,hour,country,device\n");
      for (; written < BYTES; rows++) {
        String row = rows % 47 == 0 && rows / 47 < BAD
            ? BROKEN.get((int) (rows / 47 % BROKEN.size()))
            : "r" + rows + "," + (rows % 97 + 0.5) + "," + rows % 24 + ",DE,\"app\"";
        out.write(row);
        out.write('\n');
        written += row.length() + 1;
      }
    }
    return rows;
  }

  @Test
  void run_killedInTheMiddleAndStartedAgain_writesTheBytesOfARunWithoutInterruption()
      throws Exception {
    var model = Recipe.builder()
        .impute()
        .oneHot()
        .trainer(Trainer.randomForest().trees(5).maxDepth(4))
        .build()
        .train(TestTables.mixed(500, 3));
    Files.write(directory.resolve("model.flat"), model.files().get(0).content());
    long rows = input();

    String whole = score("whole.csv", Long.MAX_VALUE);
    String killed = score("out.csv", rows / 2);
    assertThat(directory.resolve("out.csv")).doesNotExist();
    String resumed = score("out.csv", Long.MAX_VALUE);

    assertThat(whole).isEqualTo(rows + " " + BAD + " 0");
    assertThat(killed).isEqualTo("so far");
    assertThat(resumed).startsWith(rows + " " + BAD + " ");
    assertThat(Long.parseLong(resumed.split(" ", -1)[2]))
        .isBetween(Math.max(1, rows / 2 - 200_000), rows / 2 + 100_000);
    assertThat(Files.mismatch(directory.resolve("whole.csv"), directory.resolve("out.csv")))
        .isEqualTo(-1);
    assertThat(Files.mismatch(directory.resolve("bad-whole.csv"), directory.resolve("bad-out.csv")))
        .isEqualTo(-1);
    List<String> rejects = Files.readAllLines(directory.resolve("bad-out.csv"));
    assertThat(rejects).hasSize(BAD + 1);
    for (int b = 0; b < BAD; b++) {
      assertThat(rejects.get(b + 1)).isEqualTo(2 + 47L * b + "," + REASONS.get(b % REASONS.size()));
    }
    try (var scored = Files.lines(directory.resolve("out.csv"))) {
      assertThat(scored.filter(line -> line.contains(",bad,")).count())
          .as("broken rows that were scored")
          .isZero();
    }
    try (var scored = Files.lines(directory.resolve("out.csv"))) {
      assertThat(scored.count()).as("scored rows and the header").isEqualTo(rows - BAD + 1);
    }
  }
}
