package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.builder;
import static dev.mlops.registry.RegistryFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.ConflictException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Promotion.Decision;
import dev.mlops.registry.RegistryEvent.AliasMoved;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelRegistryTest {
  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private final ManualClock clock = ManualClock.at(START);
  private final ObjectStore store = ObjectStore.inMemory();
  private final ModelRegistry registry =
      ModelRegistry.builder(store).actor("ann").clock(clock).build();

  @AfterEach
  void everyTestLeavesAnIntactRegistry() {
    assertThat(registry.verify().problems()).isEmpty();
  }

  @Test
  void register_ofTwoVersions_numbersThemFromOne() {
    ModelVersion first = registry.register("fraud", draft("a", 0.9));
    ModelVersion second = registry.register("fraud", draft("b", 0.91));

    assertThat(List.of(first.number(), second.number())).containsExactly(1, 2);
    assertThat(registry.versions("fraud")).containsExactly(first, second);
    assertThat(registry.models()).containsExactly("fraud");
  }

  @Test
  void register_recordsEverything_andAnotherProcessReadsItBack() {
    VersionDraft draft = builder("bytes")
        .file(new ModelFile("golden-rows", "golden", new byte[] {1, 2}))
        .metrics(Map.of("roc_auc", 0.5, "odd", Double.NaN, "big", Double.POSITIVE_INFINITY))
        .tag("team", "risk")
        .lineage(Map.of("git.commit", "abc"))
        .run("run-1")
        .build();

    ModelVersion version = registry.because("nightly").register("fraud", draft);

    ModelRegistry other = ModelRegistry.builder(store).actor("bob").build();
    assertThat(other.get(version.ref())).isEqualTo(version);
    assertThat(version.schema()).isEqualTo(RegistryFixtures.SCHEMA);
    assertThat(version.metrics()).containsEntry("odd", Double.NaN).hasSize(3);
    assertThat(version.artifacts().keySet())
        .containsExactly(
            "golden-rows", "model-card.html", "model-card.json", "model-card.md", "model.flat");
    assertThat(version.artifact("model.flat").size()).isEqualTo(5);
    assertThat(version.size()).isEqualTo(7);
    assertThat(version.actor()).isEqualTo("ann");
    assertThat(version.at()).isEqualTo(START);
    assertThat(version.runId()).contains("run-1");
    assertThat(other.history("fraud").get(0).info().reason()).isEqualTo("nightly");
    assertThat(other.read(version, "model.flat"))
        .isEqualTo("bytes".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void get_ofWhatDoesNotExist_saysWhatDoes() {
    registry.register("fraud", draft("a", 0.9));
    registry.promote(new ModelRef.Version("fraud", 1), "champion", Gate.open());

    assertThatThrownBy(() -> registry.get(ModelRef.parse("churn:1")))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("there is no model 'churn'; models are [fraud]");
    assertThatThrownBy(() -> registry.get(ModelRef.parse("fraud:7")))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("model 'fraud' has no version 7; versions are 1 to 1");
    assertThatThrownBy(() -> registry.get(ModelRef.parse("fraud@prod")))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("model 'fraud' has no alias 'prod'; aliases are [champion]");
    assertThatThrownBy(() -> registry.read(registry.get(ModelRef.parse("fraud:1")), "x"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(
            "artifacts are [model-card.html, model-card.json, model-card.md, model.flat]");
    assertThat(registry.find(ModelRef.parse("fraud:7"))).isEmpty();
    assertThat(registry.find(ModelRef.parse("churn@x"))).isEmpty();
  }

  @Test
  void register_underANameThatDiffersInCase_isRefusedBeforeAnythingIsWritten() {
    registry.register("fraud", draft("a", 0.9));
    List<String> before = store.list("");

    assertThatThrownBy(() -> registry.register("Fraud", draft("b", 0.9)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("differs only in case from 'fraud'");
    assertThatThrownBy(() -> registry.register("../x", draft("b", 0.9)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> registry.register("nul", draft("b", 0.9)))
        .isInstanceOf(InvalidInputException.class);

    assertThat(store.list("")).isEqualTo(before);
  }

  @Test
  void promote_movesTheAliasAndRecordsTheEvidence() {
    registry.register("fraud", draft("a", 0.9));
    registry.register("fraud", draft("b", 0.92));
    Gate gate = Gate.atLeast("roc_auc", 0.85).and(Gate.notWorseThanChampion("roc_auc", 0.01));

    Promotion first = registry.promote(new ModelRef.Version("fraud", 1), "champion", gate);
    Promotion second =
        registry.because("better").promote(registry.versions("fraud").get(1), "champion", gate);

    assertThat(first.decision()).isEqualTo(Decision.PROMOTED);
    assertThat(first.previous()).isEmpty();
    assertThat(second.previous()).contains(1);
    assertThat(second.toString())
        .startsWith("PROMOTED fraud:2 as champion (was version 1): roc_auc 0.92 >= 0.85; "
            + "not worse: roc_auc 0.92 against 0.9 of champion version 1");
    assertThat(registry.get(ModelRef.parse("fraud@champion")).number()).isEqualTo(2);
    var moved = (AliasMoved) registry.history("fraud").get(3);
    assertThat(moved.evidence()).contains(second.result());
    assertThat(moved.info().reason()).isEqualTo("better");
  }

  @Test
  void promote_ofAWorseCandidate_isRejectedWithBothNumbersAndRecorded() {
    registry.register("fraud", draft("a", 0.93));
    registry.register("fraud", draft("b", 0.90));
    registry.promote(new ModelRef.Version("fraud", 1), "champion", Gate.open());

    Promotion promotion = registry.promote(
        new ModelRef.Version("fraud", 2), "champion", Gate.notWorseThanChampion("roc_auc", 0.01));

    assertThat(promotion.decision()).isEqualTo(Decision.REJECTED);
    assertThat(promotion.accepted()).isFalse();
    assertThat(promotion.previous()).contains(1);
    assertThat(promotion.result().explanation())
        .isEqualTo("worse: roc_auc 0.9 against 0.93 of champion version 1, tolerance 0.01");
    assertThat(registry.get(ModelRef.parse("fraud@champion")).number()).isEqualTo(1);
    assertThat(registry.history("fraud").get(3))
        .isInstanceOf(RegistryEvent.PromotionRejected.class);
  }

  @Test
  void promote_ofNaNOrAMissingMetric_isRejected() {
    registry.register("fraud", draft("a", Double.NaN));
    registry.register("fraud", builder("b").build());

    for (int number : new int[] {1, 2}) {
      var candidate = new ModelRef.Version("fraud", number);
      for (Gate gate : List.of(
          Gate.atLeast("roc_auc", 0),
          Gate.atMost("roc_auc", 1),
          Gate.notWorseThanChampion("roc_auc", 1),
          Gate.not(Gate.atLeast("roc_auc", 0.5)))) {
        assertThat(registry.promote(candidate, "champion", gate).decision())
            .isEqualTo(Decision.REJECTED);
      }
    }

    assertThat(registry.snapshot("fraud").aliases()).isEmpty();
  }

  @Test
  void promote_ofTheHolder_changesNothing() {
    registry.register("fraud", draft("a", 0.9));
    var version = new ModelRef.Version("fraud", 1);
    registry.promote(version, "champion", Gate.open());

    Promotion again = registry.promote(version, "champion", Gate.atLeast("roc_auc", 2));

    assertThat(again.decision()).isEqualTo(Decision.UNCHANGED);
    assertThat(registry.history("fraud")).hasSize(2);
  }

  @Test
  void promote_onAStaleExpectation_namesExpectedAndActual() {
    registry.register("fraud", draft("a", 0.9));
    registry.register("fraud", draft("b", 0.9));
    registry.promote(new ModelRef.Version("fraud", 1), "champion", Gate.open(), 0);

    assertThatThrownBy(
            () -> registry.promote(new ModelRef.Version("fraud", 2), "champion", Gate.open(), 0))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("expected at no version but is at version 1");
    assertThat(registry
            .promote(new ModelRef.Version("fraud", 2), "champion", Gate.open(), 1)
            .decision())
        .isEqualTo(Decision.PROMOTED);
  }

  @Test
  void rollback_goesBackStepByStep_andThenSaysThereIsNothingLeft() {
    for (int i = 1; i <= 3; i++) {
      registry.register("fraud", draft("v" + i, 0.9));
      registry.promote(new ModelRef.Version("fraud", i), "champion", Gate.open());
    }

    Promotion back = registry.rollback("fraud", "champion");
    assertThat(back.candidate().number()).isEqualTo(2);
    assertThat(back.previous()).contains(3);
    assertThat(registry.rollback("fraud", "champion").candidate().number()).isEqualTo(1);
    assertThatThrownBy(() -> registry.rollback("fraud", "champion"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no earlier version");

    assertThat(registry.get(ModelRef.parse("fraud@champion")).number()).isEqualTo(1);
  }

  @Test
  void rollback_toAnArchivedVersion_isRefused() {
    for (int i = 1; i <= 2; i++) {
      registry.register("fraud", draft("v" + i, 0.9));
      registry.promote(new ModelRef.Version("fraud", i), "champion", Gate.open());
    }
    registry.archive(new ModelRef.Version("fraud", 1));

    assertThatThrownBy(() -> registry.rollback("fraud", "champion"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("version 1, which is archived");
  }

  @Test
  void archive_hidesAVersionFromPromotion_butNotOneThatHasAnAlias() {
    registry.register("fraud", draft("a", 0.9));
    registry.register("fraud", draft("b", 0.9));
    var first = new ModelRef.Version("fraud", 1);
    registry.promote(first, "champion", Gate.open());

    assertThatThrownBy(() -> registry.archive(first))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("while it is champion");
    var second = new ModelRef.Version("fraud", 2);
    registry.archive(second);
    registry.archive(second);
    assertThatThrownBy(() -> registry.promote(second, "champion", Gate.open()))
        .isInstanceOf(ConflictException.class);
    registry.unarchive(second);
    assertThat(registry.promote(second, "champion", Gate.open()).accepted()).isTrue();
  }

  @Test
  void tags_areSetReplacedAndRemoved() {
    registry.register("fraud", builder("a").tag("a", "1").build());
    var version = new ModelRef.Version("fraud", 1);

    registry.tag(version, "b", "2");
    registry.tag(version, "b", "2");
    registry.tag(version, "a", "3");
    registry.untag(version, "b");
    registry.untag(version, "never");

    assertThat(registry.get(version).tags()).isEqualTo(Map.of("a", "3"));
    assertThat(registry.history("fraud")).hasSize(4);
  }

  @Test
  void removeAlias_takesItAway_andRollbackBringsItBack() {
    registry.register("fraud", draft("a", 0.9));
    registry.promote(new ModelRef.Version("fraud", 1), "champion", Gate.open());

    registry.removeAlias("fraud", "champion");
    registry.removeAlias("fraud", "champion");
    assertThat(registry.find(ModelRef.parse("fraud@champion"))).isEmpty();
    registry.rollback("fraud", "champion");

    assertThat(registry.find(ModelRef.parse("fraud@champion"))).isPresent();
    assertThat(registry.history("fraud")).hasSize(4);
  }

  @Test
  void protectedAlias_movesOnlyWithEnoughApprovals() {
    registry.register("fraud", draft("a", 0.9));
    var version = new ModelRef.Version("fraud", 1);
    registry.protect("fraud", "champion", Protection.anyOf(2, "bob", "cid", "dan"));

    registry.by("bob").approve(version, "champion");
    registry.by("bob").approve(version, "champion");
    registry.by("eve").approve(version, "champion");
    Promotion refused = registry.promote(version, "champion", Gate.open());
    registry.by("cid").approve(version, "champion");
    Promotion accepted = registry.promote(version, "champion", Gate.open());

    assertThat(refused.result().explanation()).contains("only 1 of 2 approvals");
    assertThat(accepted.decision()).isEqualTo(Decision.PROMOTED);
    assertThatThrownBy(() -> registry.approve(version, "champion"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("cannot approve it");
    assertThatThrownBy(() -> registry.removeAlias("fraud", "champion"))
        .isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> registry.protect("fraud", "champion", Protection.anyOf(0)))
        .isInstanceOf(ConflictException.class);
    registry.by("dan").protect("fraud", "champion", Protection.anyOf(0));
    assertThat(registry.snapshot("fraud").protections()).isEmpty();
  }

  @Test
  void at_tellsWhoWasChampionThen() {
    registry.register("fraud", draft("a", 0.9));
    registry.promote(new ModelRef.Version("fraud", 1), "champion", Gate.open());
    clock.advance(Duration.ofDays(2));
    registry.register("fraud", draft("b", 0.9));
    registry.promote(new ModelRef.Version("fraud", 2), "champion", Gate.open());

    assertThat(registry.at("fraud", START.plusSeconds(1)).aliases()).containsEntry("champion", 1);
    assertThat(registry.at("fraud", START.minusSeconds(1)).seq()).isZero();
    assertThat(registry.at("fraud", clock.instant())).isEqualTo(registry.snapshot("fraud"));
    assertThat(registry.at("fraud", START).head())
        .isEqualTo(registry.history("fraud").get(2).info().previous());
  }

  @Test
  void clockGoingBackwards_changesNeitherOrderNorChain() {
    registry.register("fraud", draft("a", 0.9));
    clock.advance(Duration.ofDays(-400));
    registry.register("fraud", draft("b", 0.9));
    registry.promote(new ModelRef.Version("fraud", 2), "champion", Gate.open());

    assertThat(registry.versions("fraud")).extracting(ModelVersion::number).containsExactly(1, 2);
    assertThat(registry.at("fraud", clock.instant()).aliases()).containsEntry("champion", 2);
  }

  @Test
  void concurrentRegistrations_fromManyViews_getDistinctContiguousNumbers() throws Exception {
    var executor = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Integer>> tasks = IntStream.range(0, 160)
          .<Callable<Integer>>mapToObj(i -> () -> {
            ModelRegistry view = i % 2 == 0
                ? registry.by("t" + i)
                : ModelRegistry.builder(store).actor("u" + i).build();
            return view.register("fraud", draft("content " + i, 0.9)).number();
          })
          .toList();
      var numbers = new ArrayList<Integer>();
      for (Future<Integer> result : executor.invokeAll(tasks)) {
        numbers.add(result.get());
      }

      assertThat(new HashSet<>(numbers))
          .isEqualTo(new HashSet<>(IntStream.rangeClosed(1, 160).boxed().toList()));
    } finally {
      executor.shutdownNow();
    }
    ModelRegistry cold = ModelRegistry.builder(store).actor("x").build();
    assertThat(cold.versions("fraud")).hasSize(160);
    assertThat(store.list("models/fraud/segments/")).hasSize(2);
  }

  /** What is written while the log is read is not before an instant that has passed. */
  @Test
  void at_whileAPromotionIsWritten_showsOnlyTheEventsThatItRead() {
    ObjectStore shared = ObjectStore.inMemory();
    var time = ManualClock.at(Instant.parse("2026-05-01T10:00:00Z"));
    ModelRegistry writer =
        ModelRegistry.builder(shared).actor("ann").clock(time).build();
    ModelVersion version = writer.register("fraud", RegistryFixtures.draft("a", 0.9));
    boolean[] promoted = {false};
    var racing = new StoreDecorator(shared) {
      @Override
      public Optional<byte[]> get(String key) {
        Optional<byte[]> found = super.get(key);
        if (key.endsWith("02.json") && !promoted[0]) { // the end of the log was read
          promoted[0] = true;
          time.advance(Duration.ofHours(1));
          writer.promote(version.ref(), "champion", Gate.open());
        }
        return found;
      }
    };
    Instant before = time.instant();

    ModelSnapshot then = ModelRegistry.builder(racing).actor("bob").build().at("fraud", before);

    assertThat(promoted[0]).isTrue();
    assertThat(then.seq()).isEqualTo(1);
    assertThat(then.aliased("champion")).isEmpty();
  }
}
