package dev.mlops.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mlops.data.Table;
import dev.mlops.model.Predictor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Same seed and same data give the same scores on every row, to the last bit: digests recorded on
 * JDK 17. Running this test on another JDK proves that JDK equal, with one thread and with two.
 * {@code Math.exp} may differ in the last bit between processors, so it is asked on amd64 only.
 */
class SameOnEveryJavaTest {

  static Stream<Arguments> recorded() {
    return Stream.of(
        Arguments.of(Trainer.randomForest().trees(10), true, "604daf002f66e626"),
        Arguments.of(Trainer.extraTrees().trees(10), true, "bbb2e9c1f0666318"),
        Arguments.of(Trainer.decisionTree(), true, "cafc22e5515cd50d"),
        Arguments.of(Trainer.adaBoost().trees(10), true, "d3abf346cafa39e6"),
        Arguments.of(Trainer.logisticRegression(), true, "663a9c75c21ead49"),
        Arguments.of(Trainer.rbfSvm(), true, "ec75c5f2da1a17e8"),
        Arguments.of(Trainer.gradientBoostedTrees().trees(10), true, "fecd7c6075ae97c3"),
        Arguments.of(Trainer.randomForest().trees(10), false, "a6f7290400e0c971"),
        Arguments.of(Trainer.extraTrees().trees(10), false, "9e9d845f2d7bc8e5"),
        Arguments.of(Trainer.linearRegression(), false, "86c70e5756aafd47"),
        Arguments.of(Trainer.rbfSvm(), false, "932cdb8a5d958087"),
        Arguments.of(Trainer.gradientBoostedTrees().trees(10), false, "0b2d7fd28d944d82"));
  }

  private static Recipe recipe(Trainer trainer, boolean classes) {
    Recipe.Builder builder = Recipe.builder().impute().standardise().seed(42).trainer(trainer);
    return classes
        ? builder.oneHot().smote(5, 7).calibrate(Calibration.platt()).build()
        : builder.build();
  }

  private static String digest(Trainer trainer, boolean classes) throws NoSuchAlgorithmException {
    Table table = classes ? TestTables.mixed(300, 4) : TestTables.diabetes();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(table.fingerprint().getBytes(UTF_8));
    try (Predictor predictor = recipe(trainer, classes).train(table).predictor()) {
      for (double[] row : table.rows()) {
        for (double score : predictor.predict(row)) {
          digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(score).array());
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void predict_onEveryRow_givesTheRecordedScores(Trainer trainer, boolean classes, String recorded)
      throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "recorded on amd64");
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<String>> both = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        both.add(two.submit(() -> digest(trainer, classes)));
      }

      assertThat(digest(trainer, classes)).as("one thread").isEqualTo(recorded);
      for (Future<String> one : both) {
        assertThat(one.get()).as("two threads").isEqualTo(recorded);
      }
    } finally {
      two.shutdownNow();
    }
  }
}
