package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.builder;
import static dev.mlops.registry.RegistryFixtures.draft;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Expectation;
import dev.mlops.data.Expectations;
import dev.mlops.data.Table;
import dev.mlops.data.ValidationReport;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.compare.TestScores;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final Gate PASS = context -> GateResult.pass("yes");
  private static final Gate REJECT = context -> GateResult.reject("no");
  private static final Gate UNKNOWN = context -> GateResult.undecidable("nothing to judge by");
  private final ModelRegistry registry = ModelRegistry.inMemory();

  private GateResult judge(Gate gate) {
    if (registry.versions("probe").isEmpty()) {
      registry.register("probe", draft("probe", 0.9));
    }
    Promotion promotion = registry.promote(new ModelRef.Version("probe", 1), "a", gate);
    if (promotion.accepted()) {
      registry.removeAlias("probe", "a");
    }
    return promotion.result();
  }

  @Test
  void combinations_followKleenesLogic() {
    Gate[] gates = {PASS, REJECT, UNKNOWN};
    // T F U rows; + pass, - reject, ? undecidable
    String[] and = {"+-?", "---", "?-?"};
    String[] or = {"+++", "+-?", "+??"};
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        assertThat(sign(gates[i].and(gates[j]))).as("and %s %s", i, j).isEqualTo(and[i].charAt(j));
        assertThat(sign(gates[i].or(gates[j]))).as("or %s %s", i, j).isEqualTo(or[i].charAt(j));
      }
    }
    assertThat(sign(Gate.not(PASS))).isEqualTo('-');
    assertThat(sign(Gate.not(REJECT))).isEqualTo('+');
    assertThat(sign(Gate.not(UNKNOWN))).isEqualTo('?');
    assertThat(sign(Gate.open())).isEqualTo('+');
  }

  private char sign(Gate gate) {
    GateResult result = judge(gate);
    if (result instanceof GateResult.Reject reject) {
      return reject.undecidable() ? '?' : '-';
    }
    return '+';
  }

  @Test
  void results_explainThemselvesWithBothNumbers() {
    assertThat(judge(Gate.atLeast("roc_auc", 0.95)).explanation()).isEqualTo("roc_auc 0.9 < 0.95");
    assertThat(judge(Gate.atLeast("roc_auc", 0.9)).explanation()).isEqualTo("roc_auc 0.9 >= 0.9");
    assertThat(judge(Gate.atMost("roc_auc", 0.8)).explanation()).isEqualTo("roc_auc 0.9 > 0.8");
    assertThat(judge(Gate.atMost("roc_auc", 0.9)).explanation()).isEqualTo("roc_auc 0.9 <= 0.9");
    assertThat(judge(Gate.sizeAtMost(4)).explanation()).isEqualTo("size 5 bytes > 4");
    assertThat(judge(Gate.sizeAtMost(5)).explanation()).isEqualTo("size 5 bytes <= 5");
    assertThat(judge(Gate.atLeast("f1", 0)).explanation())
        .isEqualTo("probe:1 has no metric 'f1'; metrics are [roc_auc]");
    assertThat(judge(Gate.approvedBy("bob", "cid")).explanation())
        .isEqualTo("not approved by [bob, cid]");
    registry.by("bob").approve(new ModelRef.Version("probe", 1), "a");
    assertThat(judge(Gate.approvedBy("bob")).explanation()).isEqualTo("approved by [bob]");
    assertThat(judge(Gate.atLeast("roc_auc", 1).and(Gate.sizeAtMost(1))).reasons())
        .hasSize(2);
    Instant since = Instant.parse("2026-05-01T00:00:00Z");
    assertThat(
            judge(Gate.noDriftSince(since, (v, t) -> List.of("amount: KS 0.3"))).explanation())
        .isEqualTo("drift since 2026-05-01T00:00:00Z: amount: KS 0.3");
    assertThat(judge(Gate.noDriftSince(since, (v, t) -> List.of())).passed()).isTrue();
  }

  @Test
  void latencyAtMost_readsTheRecordedPercentile() {
    registry.register("m", builder("a").metric("latency_p99_seconds", 0.0125).build());
    var version = new ModelRef.Version("m", 1);

    assertThat(registry
            .promote(version, "a", Gate.latencyAtMost(Duration.ofMillis(12)))
            .accepted())
        .isFalse();
    assertThat(registry
            .promote(version, "a", Gate.latencyAtMost(Duration.ofMillis(13)))
            .accepted())
        .isTrue();
  }

  @Test
  void notWorse_knowsWhichWayAMetricImproves_andItsToleranceIsInclusive() {
    registry.register(
        "m", builder("a").metric("log_loss", 0.5).metric("mine", 2).build());
    registry.register(
        "m", builder("b").metric("log_loss", 0.75).metric("mine", 3).build());
    registry.promote(new ModelRef.Version("m", 1), "a", Gate.open());
    var second = new ModelRef.Version("m", 2);

    assertThat(registry
            .promote(second, "a", Gate.notWorseThanChampion("log_loss", 0.2))
            .accepted())
        .isFalse();
    assertThat(registry
            .promote(second, "a", Gate.notWorseThanChampion("mine", 0.5, Better.LOWER))
            .accepted())
        .isFalse();
    assertThat(registry
            .promote(second, "a", Gate.notWorseThanChampion("log_loss", 0.25))
            .accepted())
        .isTrue();
    assertThat(Better.of("roc_auc")).isEqualTo(Better.HIGHER);
    assertThat(Better.of("BRIER")).isEqualTo(Better.LOWER);
  }

  @Test
  void badArguments_areRefusedWhenTheGateIsBuilt() {
    assertThatThrownBy(() -> Gate.atLeast("m", Double.NaN))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Gate.notWorseThanChampion("m", -0.1))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Gate.betterThanChampion("roc_auc", 1))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Gate.betterThanChampion("speed", 0.95))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> new GateResult.Pass(List.of()))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void betterThanChampion_asksForTheInterval_notThePointEstimate() {
    register("noise 1", 0.0, 300, "rows");
    register("slightly better", 0.05, 300, "rows");
    register("much better", 1, 300, "rows");
    register("other rows", 3, 300, "others");
    registry.register("m", builder("no scores").build());
    Gate auc = Gate.betterThanChampion("roc_auc", 0.95);
    assertThat(promote(1, auc).explanation()).isEqualTo("no champion yet to be better than");

    GateResult slightly = promote(2, auc);
    assertThat(slightly.passed()).isFalse();
    assertThat(slightly.explanation())
        .startsWith("not shown better: roc_auc 0.")
        .contains("95 % interval [", "(DeLong, 300 rows)");
    assertThat(promote(4, auc).explanation()).contains("different rows: others and rows");
    assertThat(promote(5, auc).explanation()).contains("m:5 has no artifact 'test-scores'");
    assertThat(promote(2, Gate.betterThanChampion("brier", 0.95)).explanation())
        .contains("paired bootstrap, 300 rows");
    assertThat(promote(3, Gate.betterThanChampion("brier", 0.95)).passed()).isTrue();
    assertThat(promote(2, auc).passed()).isFalse();
    register("best", 1.7, 300, "rows");
    assertThat(promote(6, Gate.not(auc)).passed()).isFalse();
  }

  private GateResult promote(int number, Gate gate) {
    return registry.promote(new ModelRef.Version("m", number), "champion", gate).result();
  }

  private void register(String name, double signal, int rows, String fingerprint) {
    var random = new SplittableRandom(name.hashCode());
    double[] labels = new double[rows];
    double[] scores = new double[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 2;
      double z = signal * (labels[i] - 0.5) + 2 * random.nextDouble() - 1;
      scores[i] = 1 / (1 + Math.exp(-z));
    }
    registry.register(
        "m",
        builder(name).file(TestScores.of(labels, scores, fingerprint).toFile()).build());
  }

  @Test
  void testScores_roundTrip_andRefuseAnythingElse() {
    TestScores scores = TestScores.of(new double[] {1, 0}, new double[] {.9, .1}, "rows");
    byte[] file = scores.toFile().content();
    TestScores back = TestScores.parse(file);

    assertThat(back.sameRows(scores)).isTrue();
    assertThat(back.scores()).containsExactly(.9, .1);
    assertThat(back.labels()).containsExactly(1, 0);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(file, length);
      assertThatThrownBy(() -> TestScores.parse(cut)).isInstanceOf(CorruptException.class);
    }
    byte[] huge = file.clone();
    java.nio.ByteBuffer.wrap(huge).putInt(8, Integer.MAX_VALUE);
    assertThatThrownBy(() -> TestScores.parse(huge)).isInstanceOf(CorruptException.class);
    assertThatThrownBy(() -> TestScores.of(new double[0], new double[0], ""))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> TestScores.of(new double[1], new double[] {Double.NaN}, ""))
        .isInstanceOf(InvalidInputException.class);
  }

  private static final Table DATA =
      Table.of(RegistryFixtures.SCHEMA, new double[][] {{1, 0}, {900, 1}}, new double[] {0, 1});

  private static ValidationReport report(double max) {
    return Expectations.of(
            List.of(new Expectation.Range("amount", 0, max), new Expectation.RowCount(1, 10)))
        .check(DATA);
  }

  @Test
  void dataValidated_asksForAReportInWhichEveryExpectationHolds() {
    var good =
        registry.register("checked", builder("good").validated(report(1000)).build());
    var none = registry.register("checked", builder("none").build());
    // one that another tool registered
    var bad = registry.register(
        "checked",
        builder("bad")
            .file(new ModelFile(
                ValidationReport.FILE_NAME, "json", report(100).toJson().getBytes(UTF_8)))
            .build());
    var garbled = registry.register(
        "checked",
        builder("garbled")
            .file(new ModelFile(ValidationReport.FILE_NAME, "json", "{".getBytes(UTF_8)))
            .build());
    Gate gate = Gate.dataValidated();

    assertThat(registry.promote(good.ref(), "a", gate).result().explanation())
        .isEqualTo("all expectations of the training data hold");
    assertThat(registry.promote(bad.ref(), "a", gate).result())
        .isInstanceOfSatisfying(GateResult.Reject.class, reject -> {
          assertThat(reject.undecidable()).isFalse();
          assertThat(reject.explanation())
              .startsWith("the training data breaks 1 expectations: ")
              .contains("amount");
        });
    for (var version : List.of(none, garbled)) {
      assertThat(registry.promote(version.ref(), "a", Gate.not(gate)).result())
          .isInstanceOfSatisfying(
              GateResult.Reject.class,
              reject -> assertThat(reject.undecidable()).isTrue());
    }
  }

  @Test
  void draft_withAFailedReport_isRefusedBeforeAnythingIsRegistered() {
    assertThatThrownBy(() -> builder("bad").validated(report(100)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("1 of 2 expectations failed: ")
        .hasMessageContaining("amount");
  }

  @Test
  void betterThanChampion_ofUnreadableScores_isUndecidableAndSaysWhose() {
    register("champion", 0, 300, "rows");
    registry.register(
        "m",
        builder("garbled")
            .file(new ModelFile(TestScores.FILE_NAME, TestScores.FORMAT, new byte[] {1, 2}))
            .build());
    Gate gate = Gate.betterThanChampion("roc_auc", 0.95);
    promote(1, gate);

    for (Gate either : List.of(gate, Gate.not(gate))) {
      assertThat(promote(2, either)).isInstanceOfSatisfying(GateResult.Reject.class, reject -> {
        assertThat(reject.undecidable()).isTrue();
        assertThat(reject.explanation()).contains("m:2 has no readable scores");
      });
    }
  }

  @Test
  void noDriftSince_whereTooLittleWasMeasured_isUndecidable() {
    Instant since = Instant.parse("2026-05-01T00:00:00Z");
    var nothingSeen = new DriftEvidence() {
      @Override
      public List<String> findings(ModelVersion version, Instant start) {
        return List.of();
      }

      @Override
      public boolean measured(ModelVersion version, Instant start) {
        return false;
      }
    };

    GateResult result = judge(Gate.noDriftSince(since, nothingSeen));

    assertThat(result.explanation())
        .isEqualTo("too little was measured since 2026-05-01T00:00:00Z to see drift");
    assertThat(sign(Gate.not(Gate.noDriftSince(since, nothingSeen)))).isEqualTo('?');
  }
}
