package dev.mlops.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.abtest.MetricResult;
import dev.mlops.abtest.Verdict;
import dev.mlops.data.Table;
import dev.mlops.drift.FeatureDrift;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.Promotion;
import dev.mlops.serving.LiveModel;
import dev.mlops.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the lifecycle twice and recomputes everything it printed by the most naive means. */
class LifecycleTest {
  @TempDir
  static Path out;

  private static Lifecycle.Outcome first;
  private static Lifecycle.Outcome second;
  private static String printed;

  @BeforeAll
  static void runTwice() {
    var buffer = new ByteArrayOutputStream();
    var options = Options.parse("--out=" + out, "--csv=", "--label=");
    first = new Lifecycle(options, new PrintStream(new ByteArrayOutputStream(), true, UTF_8)).run();
    second = new Lifecycle(options, new PrintStream(buffer, true, UTF_8)).run();
    printed = buffer.toString(UTF_8);
  }

  @Test
  void auc_printed_isTheShareOfRightlyOrderedPairs() {
    Table holdout = second.split().test();
    double[] scores = new double[holdout.size()];
    try (ObjectStore store = ObjectStore.directory(out.resolve("registry"));
        LiveModel live = LiveModel.open(registry(store), ModelRef.parse("wdbc:2"))) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] = live.predict(holdout.row(i)).scores()[1];
      }
    }

    double right = 0;
    long pairs = 0;
    for (int i = 0; i < scores.length; i++) {
      for (int j = 0; j < scores.length; j++) {
        if (holdout.target(i) == 1 && holdout.target(j) == 0) {
          pairs++;
          right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }

    assertThat(second.version().metric("roc_auc").orElseThrow())
        .isCloseTo(right / pairs, within(1e-12));
    assertThat(printed)
        .contains(String.format(
            Locale.ROOT, "wdbc:2, ROC AUC %.4f on %d holdout rows", right / pairs, scores.length));
  }

  @Test
  void versions_areNumberedAndTheSecondWentThroughTheGateAgainstTheFirst() {
    double before = first.version().metric("roc_auc").orElseThrow();
    double now = second.version().metric("roc_auc").orElseThrow();
    boolean expected = now >= Lifecycle.LEAST_ROC_AUC && now >= before - Lifecycle.TOLERANCE;

    assertThat(first.version().number()).isEqualTo(1);
    assertThat(second.version().number()).isEqualTo(2);
    assertThat(first.promotion().decision()).isEqualTo(Promotion.Decision.PROMOTED);
    assertThat(second.promotion().accepted()).isEqualTo(expected);
    assertThat(second.promotion().result().explanation())
        .contains(Double.toString(now), Double.toString(before));
    try (ObjectStore store = ObjectStore.directory(out.resolve("registry"))) {
      assertThat(registry(store).get(ModelRef.parse("wdbc@champion")).number())
          .isEqualTo(expected ? 2 : 1);
      assertThat(registry(store).verify().problems()).isEmpty();
    }
  }

  @Test
  void sameSeed_givesTheSameScoresInBothRuns() {
    assertThat(
            Arrays.deepEquals(first.evaluation().scores(), second.evaluation().scores()))
        .isTrue();
  }

  @Test
  void driftVerdict_isTheOneOfNaiveDistancesAndPathCounts() {
    Table reference = second.split().train();
    Table live = second.split().test();
    List<FeatureDrift> features = second.drift().features();
    double[] p = new double[features.size()];
    for (int f = 0; f < p.length; f++) {
      double[] a = reference.column(features.get(f).name());
      double[] b = live.column(features.get(f).name());
      double d = distance(a, b);
      assertThat(features.get(f).evidence().statistic()).isCloseTo(d, within(1e-12));
      p[f] = exactP(a.length, b.length, d);
      assertThat(features.get(f).evidence().pValue()).isCloseTo(p[f], within(1e-9));
    }

    double alpha = second.drift().policy().alpha();
    double[] sorted = p.clone();
    Arrays.sort(sorted);
    boolean anyDiscovery = false;
    for (int i = 0; i < sorted.length; i++) {
      anyDiscovery |= sorted[i] <= alpha * (i + 1) / sorted.length;
    }
    assertThat(anyDiscovery).isFalse();
    assertThat(second.drift().hasDrift()).isFalse();
    assertThat(printed).contains("Drift       STABLE");
  }

  private static double distance(double[] a, double[] b) {
    return Stream.of(a, b)
        .flatMap(sample -> Arrays.stream(sample).boxed())
        .mapToDouble(x -> Math.abs(share(a, x) - share(b, x)))
        .max()
        .orElseThrow();
  }

  private static double share(double[] sample, double x) {
    return (double) Arrays.stream(sample).filter(v -> v <= x).count() / sample.length;
  }

  /** P(D >= d) by the share of lattice paths from (0, 0) to (n, m) that leave the band. */
  private static double exactP(int n, int m, double d) {
    double[] inside = new double[m + 1];
    for (int i = 0; i <= n; i++) {
      for (int j = 0; j <= m; j++) {
        if (Math.abs((double) i / n - (double) j / m) >= d - 1e-12) {
          inside[j] = 0;
        } else if (i == 0 && j == 0) {
          inside[j] = 1;
        } else {
          // The chance of reaching (i, j) inside, over all orders of the pooled sample.
          double fromLeft = i == 0 ? 0 : inside[j] * i / (i + j);
          double fromBelow = j == 0 ? 0 : inside[j - 1] * j / (i + j);
          inside[j] = fromLeft + fromBelow;
        }
      }
    }
    return 1 - inside[m];
  }

  @Test
  void abVerdict_isTheOneOfThePooledScoreTest() {
    MetricResult result = second.abTest().results().get(0);
    double pooled =
        (result.control() * result.controlUnits() + result.treatment() * result.treatmentUnits())
            / (result.controlUnits() + result.treatmentUnits());
    double z = (result.treatment() - result.control())
        / Math.sqrt(
            pooled * (1 - pooled) * (1.0 / result.controlUnits() + 1.0 / result.treatmentUnits()));

    assertThat(result.controlUnits() + result.treatmentUnits())
        .isEqualTo(second.split().test().size());
    assertThat(Math.abs(z)).isLessThan(1.96);
    assertThat(second.abTest().verdict()).isInstanceOf(Verdict.KeepControl.class);
    assertThat(printed).contains("A/B test    " + second.abTest().verdict().summary());
  }

  @Test
  void everythingPrinted_isLeftBehind() throws IOException {
    assertThat(out.resolve("registry/models/wdbc")).isDirectory();
    for (String report :
        List.of("model-card.html", "drift.html", "drift.json", "ab-test.html", "ab-test.json")) {
      assertThat(Files.size(out.resolve("reports").resolve(report))).isGreaterThan(500);
    }
    assertThat(printed).contains(out.resolve("registry").toString());
  }

  private static ModelRegistry registry(ObjectStore store) {
    return ModelRegistry.builder(store).actor("test").build();
  }
}
