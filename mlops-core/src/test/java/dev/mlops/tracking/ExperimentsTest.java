package dev.mlops.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.StoreDecorator;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.FailureInjectingStore;
import dev.mlops.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExperimentsTest {
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-05-01T10:00:00Z"));
  private final ObjectStore store = ObjectStore.inMemory();
  private final Experiments experiments =
      Experiments.builder(store).actor("ann").clock(clock).build();

  @AfterEach
  void everyObjectVerifies() {
    assertThat(ModelRegistry.builder(store).actor("x").build().verify().problems())
        .isEmpty();
  }

  @Test
  void run_recordsEverything_andReadsItBack() {
    String id;
    try (Run run = experiments.start("fraud", "forest")) {
      id = run.id();
      run.param("trees", 100).params(Map.of("depth", 8)).tag("a", "1").tag("a", "2");
      run.metric("loss", 0.7, 1).metric("loss", 0.5, 2).metrics(Map.of("roc_auc", 0.93));
      run.metric("odd", Double.NaN).artifact("notes.txt", new byte[] {1, 2, 3});
      clock.advance(Duration.ofMinutes(3));
      run.finish();
    }

    RunRecord record = experiments.get(id);

    assertThat(record.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(record.params()).isEqualTo(Map.of("depth", "8", "trees", "100"));
    assertThat(record.metrics()).isEqualTo(Map.of("loss", 0.5, "roc_auc", 0.93, "odd", Double.NaN));
    assertThat(record.history("loss")).extracting(MetricPoint::step).containsExactly(1L, 2L);
    assertThat(record.tags()).isEqualTo(Map.of("a", "2"));
    assertThat(experiments.read(record, "notes.txt")).containsExactly(1, 2, 3);
    assertThat(record.ended()).contains(clock.instant());
    assertThat(record.actor()).isEqualTo("ann");
    assertThat(record.lineage()).containsKeys("java.version", "library.tribuo-core");
    assertThat(experiments.names()).containsExactly("fraud");
    assertThat(experiments.runs("fraud")).containsExactly(record);
  }

  @Test
  void run_leftByAnException_isFailed() {
    String[] id = new String[1];

    assertThatThrownBy(() -> {
          try (Run run = experiments.start("fraud", "x")) {
            id[0] = run.id();
            run.metric("loss", 1);
            throw new IllegalStateException("boom");
          }
        })
        .hasMessage("boom");
    assertThat(experiments.get(id[0]).status()).isEqualTo(RunStatus.FAILED);
    assertThat(experiments.get(id[0]).metrics()).containsKey("loss");

    assertThatThrownBy(() -> experiments.run("fraud", "y", run -> {
          id[0] = run.id();
          throw new IllegalStateException("bang");
        }))
        .hasMessage("bang");
    assertThat(experiments.get(id[0]).failure()).contains("java.lang.IllegalStateException: bang");
    assertThat(experiments.<Integer, RuntimeException>run("fraud", "z", run -> 7))
        .isEqualTo(7);
  }

  @Test
  void run_thatIsNeitherFinishedNorClosed_isRunningWithWhatWasFlushed() {
    Run run = experiments.start("fraud", "x");
    run.metric("loss", 1, 1).flush();
    run.metric("loss", 2, 2);

    assertThat(experiments.get(run.id()).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(experiments.get(run.id()).points()).hasSize(1);
    clock.advance(Duration.ofSeconds(6));
    run.metric("loss", 3, 3);
    assertThat(experiments.get(run.id()).points()).hasSize(3);
    run.close();
  }

  @Test
  void param_changedLater_isAConflict_andAClosedRunTakesNothing() {
    Run run = experiments.start("fraud", "x");
    run.param("a", 1).param("a", 1);

    assertThatThrownBy(() -> run.param("a", 2))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("is '1' and cannot become '2'");
    run.close();
    run.close();
    assertThatThrownBy(() -> run.metric("m", 1)).isInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> run.tag("m", "1")).isInstanceOf(ConflictException.class);
    assertThatThrownBy(run::finish).isInstanceOf(ConflictException.class);
  }

  @Test
  void names_thatCouldLeaveTheStore_areRefused() {
    assertThatThrownBy(() -> experiments.start("../x", "n"))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> experiments.start("x", " ")).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> experiments.find("no-slash"))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> experiments.find("a/../../b"))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> experiments.get("a/b")).isInstanceOf(NotFoundException.class);
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void child_knowsItsParent() {
    try (Run parent = experiments.start("fraud", "search")) {
      try (Run child = parent.child("trial 1")) {
        child.metric("loss", 1);
        child.finish();
        assertThat(experiments.get(child.id()).parent()).contains(parent.id());
      }
      parent.finish();
    }

    assertThat(experiments.runs("fraud")).hasSize(2);
  }

  @Test
  void metricsFromManyThreads_areAllThereInSegments() {
    try (Run run = experiments.start("fraud", "x")) {
      IntStream.range(0, 20_000).parallel().forEach(i -> run.metric("m" + i % 4, i, i));
      run.finish();
      run.flush();

      RunRecord record = experiments.get(run.id());
      assertThat(record.points()).hasSize(20_000);
      assertThat(record.points().stream().mapToLong(MetricPoint::step).sum())
          .isEqualTo(20_000L * 19_999 / 2);
      assertThat(record.metrics()).containsEntry("m3", 19_999.0);
      assertThat(store.list("experiments/fraud/runs/")).hasSizeBetween(6, 7);
    }
  }

  @Test
  void storeThatLosesReplies_losesAndRepeatsNoEntry() {
    var failing = FailureInjectingStore.builder(store, new SplittableRandom(7))
        .lostReply(0.3)
        .ownConflict(0.2)
        .build();
    Experiments shaky = Experiments.builder(failing).actor("x").build();

    try (Run run = shaky.start("fraud", "x")) {
      for (int i = 0; i < 50; i++) {
        run.metric("m", i, i).flush();
      }
      run.finish();
      run.close();
      assertThat(experiments.get(run.id()).points())
          .extracting(MetricPoint::step)
          .containsExactlyElementsOf(
              IntStream.range(0, 50).mapToObj(Long::valueOf).toList());
    }
    assertThat(failing.injected()).isPositive();
  }

  @Test
  void search_filtersAndOrders_withNaNLast() {
    double[] aucs = {0.8, Double.NaN, 0.95, 0.9};
    for (int i = 0; i < aucs.length; i++) {
      clock.advance(Duration.ofSeconds(1));
      try (Run run = experiments.start("fraud", "r" + i)) {
        run.param("trees", i % 2 == 0 ? 10 : 20).metric("roc_auc", aucs[i]).tag("k", "v" + i);
        if (i != 3) {
          run.finish();
        }
      }
    }

    assertThat(names(RunQuery.all().highestFirst("roc_auc")))
        .containsExactly("r2", "r3", "r0", "r1");
    assertThat(names(RunQuery.all().lowestFirst("roc_auc").limit(2))).containsExactly("r0", "r3");
    assertThat(names(RunQuery.all().metricAtLeast("roc_auc", 0.9))).containsExactly("r2", "r3");
    assertThat(names(RunQuery.all().metricAtMost("roc_auc", 0.9))).containsExactly("r0", "r3");
    assertThat(names(RunQuery.all().param("trees", 10))).containsExactly("r0", "r2");
    assertThat(names(RunQuery.all().tag("k", "v1"))).containsExactly("r1");
    assertThat(names(RunQuery.all().status(RunStatus.FAILED))).containsExactly("r3");
    assertThatThrownBy(() -> RunQuery.all().limit(0)).isInstanceOf(InvalidInputException.class);
  }

  private List<String> names(RunQuery query) {
    return experiments.search("fraud", query).stream().map(RunRecord::name).toList();
  }

  @Test
  void read_ofAMissingSegmentOrAForeignArtifact_isRefused() {
    String id;
    try (Run run = experiments.start("fraud", "x")) {
      id = run.id();
      run.metric("m", 1).artifact("a", new byte[] {1});
      run.finish();
    }
    RunRecord record = experiments.get(id);
    assertThatThrownBy(() -> experiments.read(record, "b")).isInstanceOf(NotFoundException.class);
    String segment = "experiments/" + id.replace("/", "/runs/") + "/segments/000001.json";
    byte[] content = store.get(segment).orElseThrow();
    store.delete(segment);

    assertThatThrownBy(() -> experiments.get(id))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("was closed with 1 segments, 0 are there");
    store.putIfAbsent(segment, content);
  }

  /** Passes everything on until it is cut off: then writes are applied and reported as failed. */
  private static final class LostReplies extends StoreDecorator {
    private boolean cut;

    LostReplies(ObjectStore target) {
      super(target);
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
      boolean created = super.putIfAbsent(key, content);
      if (cut) {
        throw new UnavailableException("the reply was lost");
      }
      return created;
    }
  }

  @Test
  void segmentWhoseReplyWasLostForLong_isNotWrittenAnewWithWhatFollowed() {
    var lossy = new LostReplies(store);
    Run run = Experiments.builder(lossy).actor("x").clock(clock).build().start("fraud", "x");
    run.metric("m", 0, 0);
    lossy.cut = true;
    assertThatThrownBy(run::flush).isInstanceOf(UnavailableException.class);
    run.metric("m", 1, 1); // kept, though the store fails
    lossy.cut = false;
    run.metric("m", 2, 2).flush();
    run.finish();
    run.close();

    assertThat(experiments.get(run.id()).points())
        .extracting(MetricPoint::step)
        .containsExactly(0L, 1L, 2L);
    assertThat(experiments.get(run.id()).status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void endWhoseReplyWasLostForLong_isRepeatedAsItWas() {
    var lossy = new LostReplies(store);
    Run run = Experiments.builder(lossy).actor("x").clock(clock).build().start("fraud", "x");
    run.metric("m", 0, 0).flush();
    lossy.cut = true;
    assertThatThrownBy(() -> run.fail(new IllegalStateException("boom")))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> run.metric("m", 1))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("is closed");
    clock.advance(Duration.ofMinutes(1));
    lossy.cut = false;
    run.close();

    assertThat(experiments.get(run.id()).failure())
        .contains("java.lang.IllegalStateException: boom");
  }

  @Test
  void failureThatCannotBeRecorded_doesNotHideTheFailure() {
    var failing = FailureInjectingStore.builder(store, new SplittableRandom(1)).build();
    Experiments cut = Experiments.builder(failing).actor("x").build();

    assertThatThrownBy(() -> cut.run("fraud", "x", run -> {
          run.metric("m", 1);
          failing.down(true);
          throw new IllegalStateException("boom");
        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("boom")
        .satisfies(e ->
            assertThat(e.getSuppressed()).hasAtLeastOneElementOfType(UnavailableException.class));
  }

  @Test
  void runThatIsClosedWhileItIsRead_isNotCalledCorrupt() {
    Run run = experiments.start("fraud", "x");
    run.metric("m", 1, 1).flush();
    Experiments reader = Experiments.builder(new StoreDecorator(store) {
          @Override
          public Optional<byte[]> get(String key) {
            Optional<byte[]> content = super.get(key);
            if (key.endsWith("/000002.json") && content.isEmpty()) {
              run.metric("m", 2, 2).finish();
              run.close();
            }
            return content;
          }
        })
        .actor("x")
        .build();

    RunRecord early = reader.get(run.id());

    assertThat(early.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(early.points()).hasSize(1);
    assertThat(reader.get(run.id()).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(reader.get(run.id()).points()).hasSize(2);
  }

  @Test
  void largeValues_closeASegmentBeforeReadersRefuseIt() {
    String value = "\u0001".repeat(8192); // six bytes each in JSON
    Run run = experiments.start("fraud", "x");
    for (int i = 0; i < 400; i++) {
      run.tag("t" + i, value);
    }
    run.finish();
    run.close();

    assertThat(experiments.get(run.id()).tags()).hasSize(400).containsEntry("t399", value);
    assertThat(store.list("experiments/fraud/runs/")).hasSize(5); // start, three segments, end
  }

  @Test
  void localeWithOtherDigits_changesNothingInTheStore() {
    Locale before = Locale.getDefault();
    try {
      for (String language : List.of("ar-EG", "fa-IR")) {
        Locale.setDefault(Locale.forLanguageTag(language));
        Run run = experiments.start("fraud", language);
        run.metric("m", 1).finish();
        run.close();
        assertThat(experiments.get(run.id()).points()).hasSize(1);
      }
    } finally {
      Locale.setDefault(before);
    }
    assertThat(store.list("experiments/")).allMatch(key -> key.chars().allMatch(c -> c < 128));
  }
}
