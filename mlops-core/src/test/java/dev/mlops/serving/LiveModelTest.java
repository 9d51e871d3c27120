package dev.mlops.serving;

import static dev.mlops.serving.FakeSource.ROW;
import static dev.mlops.serving.FakeSource.SCHEMA;
import static dev.mlops.serving.FakeSource.scoresOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import dev.mlops.model.GoldenRows;
import dev.mlops.model.ModelRef;
import dev.mlops.model.internal.FlatFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveModelTest {
  private final FakeSource source = new FakeSource().version(1);

  @Test
  void build_unknownModel_failsFast() {
    assertThatThrownBy(() -> LiveModel.builder(source, ModelRef.parse("nobody@champion"))
            .formats(source.formats())
            .build())
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void build_noReadableFile_namesFilesAndFormats() {
    source.version(2, SCHEMA, "exotic");

    assertThatThrownBy(() -> source.live().build())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("fraud:2")
        .hasMessageContaining("exotic")
        .hasMessageContaining("good");
  }

  @ParameterizedTest
  @ValueSource(strings = {"corrupt", "wrong"})
  void build_versionThatCannotBeTrusted_failsFast(String behaviour) {
    source.version(2, SCHEMA, behaviour);

    assertThatThrownBy(() -> source.live().build()).isInstanceOf(CorruptException.class);
  }

  @Test
  void refresh_aliasMoved_servesTheNewVersion() {
    LiveModel model = source.live().build();
    assertThat(model.predict(ROW)).isEqualTo(new Prediction(model.current(), scoresOf(1)));
    source.version(2);

    boolean swapped = model.refresh();

    assertThat(swapped).isTrue();
    assertThat(model.current().version()).isEqualTo(2);
    assertThat(model.predict(ROW)).isEqualTo(new Prediction(model.current(), scoresOf(2)));
    assertThat(source.opened.get(0).closed).isTrue();
    assertThat(source.opened.get(1).closed).isFalse();
  }

  @Test
  void refresh_nothingNew_readsNothing() {
    LiveModel model = source.live().build();
    int before = source.reads.get();

    assertThat(model.refresh()).isFalse();
    assertThat(source.reads.get()).isEqualTo(before);
  }

  @Test
  void refresh_duringACall_closesTheOldModelAfterTheCall() throws Exception {
    LiveModel model = source.live().build();
    FakeSource.FakePredictor old = source.opened.get(0);
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    old.inside = () -> {
      inside.countDown();
      await(goOn);
    };
    var executor = Executors.newSingleThreadExecutor();
    var answer = executor.submit(() -> model.predict(ROW));
    await(inside);

    source.version(2);
    model.refresh();

    assertThat(old.closed).isFalse();
    assertThat(model.predict(ROW).model().version()).isEqualTo(2);
    goOn.countDown();
    assertThat(answer.get(10, TimeUnit.SECONDS).model().version()).isEqualTo(1);
    assertThat(old.closed).isTrue();
    assertThat(old.usedAfterClose).hasValue(0);
    executor.shutdown();
  }

  @ParameterizedTest
  @ValueSource(strings = {"corrupt", "wrong", "throws", "exotic"})
  void refresh_badVersion_servesOnAndRecovers(String behaviour) {
    var events = new Events();
    LiveModel model = source.live().listener(events).build();
    source.version(2, SCHEMA, behaviour);

    assertThat(model.refresh()).isFalse();
    assertThat(model.refresh()).isFalse();

    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(1));
    assertThat(model.health().degraded()).isPresent();
    assertThat(model.health().failedRefreshes()).isEqualTo(2);
    assertThat(events.failures).hasSize(2);
    source.version(3);
    assertThat(model.refresh()).isTrue();
    assertThat(model.health().degraded()).isEmpty();
    assertThat(model.health().failedRefreshes()).isZero();
    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(3));
    assertThat(events.swaps).extracting(ServedModel::version).containsExactly(1, 3);
  }

  @Test
  void refresh_sourceDisappears_servesOnAndRecovers() {
    LiveModel model = source.live().build();
    source.version(2);
    source.failure = Optional.of(new UnavailableException("store did not answer"));

    model.refresh();

    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(1));
    assertThat(model.health().degraded())
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("UnavailableException", "store did not answer"));
    source.failure = Optional.empty();
    model.refresh();
    assertThat(model.health().degraded()).isEmpty();
    assertThat(model.current().version()).isEqualTo(2);
  }

  @Test
  void refresh_anotherSignature_servesOnAndSaysWhy() {
    LiveModel model = source.live().build();
    Schema other = new Schema(List.of(new Feature.Numeric("amount")), SCHEMA.target());
    source.version(2, other, "good");

    model.refresh();

    assertThat(model.current().version()).isEqualTo(1);
    assertThat(model.schema()).isEqualTo(SCHEMA);
    assertThat(model.health().degraded())
        .hasValueSatisfying(reason -> assertThat(reason).contains("fraud:2", "another signature"));
    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(1));
    assertThat(source.opened)
        .as("a version that is not taken is not even opened")
        .hasSize(1);
  }

  @Test
  void refresh_afterAnotherSignature_recoversByItself() {
    var events = new Events();
    LiveModel model = source.live().listener(events).build();
    source.version(2, new Schema(List.of(new Feature.Numeric("amount")), SCHEMA.target()), "good");
    model.refresh();
    model.refresh();
    assertThat(model.health().failedRefreshes()).isEqualTo(2);

    source.version(3);
    boolean swapped = model.refresh();

    assertThat(swapped).isTrue();
    assertThat(model.health().degraded()).isEmpty();
    assertThat(model.health().failedRefreshes()).isZero();
    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(3));
    assertThat(events.failures).hasSize(2).allMatch(ConflictException.class::isInstance);
    assertThat(events.swaps).extracting(ServedModel::version).containsExactly(1, 3);
  }

  @Test
  void build_compiledFormIsWrong_fallsBackAndSaysWhy() {
    source.version(2, SCHEMA, "flat", "tribuo");

    LiveModel model = source.live().build();

    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(2));
    assertThat(model.health().description())
        .startsWith("tribuo 2")
        .contains("model.flat", "golden row 0");
    assertThat(source.opened.get(0).closed).isTrue();
  }

  @Test
  void build_goldenRowsOfAnotherWidth_namesBoth() {
    var narrow = new Schema(List.of(new Feature.Numeric("amount")), SCHEMA.target());
    GoldenRows golden = GoldenRows.record(
        new FakeSource.FakePredictor(1, narrow, "good"), new double[][] {{1}, {2}});
    source.file(1, GoldenRows.FILE_NAME, "golden", Optional.of(golden.toFile().content()));

    assertThatThrownBy(() -> source.live().build())
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("1 values and 2 scores, the model reads 3 and gives 2");
  }

  @Test
  void build_withoutGoldenRows_servesAndSaysThatNothingWasChecked() {
    source.file(1, GoldenRows.FILE_NAME, "golden", Optional.empty());

    LiveModel model = source.live().build();

    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(1));
    assertThat(model.health().description())
        .isEqualTo("good 1 (not checked: the version has no golden rows)");
  }

  @Test
  void build_versionThatWasNotCompiled_saysWhy() {
    byte[] reason = ("no compiled form\n" + "x".repeat(1000)).getBytes(UTF_8);
    source.file(1, FlatFormat.REASON_FILE, "text", Optional.of(reason));

    LiveModel model = source.live().build();

    String description = model.health().description();
    assertThat(description).startsWith("good 1 (not compiled: no compiled form?xxx");
    assertThat(description).hasSizeLessThan(600);
    assertThat(model.asPredictor().describe()).contains("not compiled: no compiled form");
  }

  @Test
  void refreshEvery_aliasMoved_swapsInTheBackground() throws Exception {
    var executor = Executors.newSingleThreadScheduledExecutor();
    var swapped = new CountDownLatch(2);
    LiveModel model = source
        .live()
        .refreshEvery(Duration.ofMillis(1), executor)
        .listener(new PredictionListener() {
          @Override
          public void swapped(ServedModel served) {
            swapped.countDown();
          }
        })
        .build();

    source.version(2);

    await(swapped);
    assertThat(model.current().version()).isEqualTo(2);
    model.close();
    executor.shutdown();
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void health_tellsTimesOfTheInjectedClock() {
    var now = Instant.parse("2026-05-03T10:00:00Z");

    ModelHealth health =
        source.live().clock(Clock.fixed(now, ZoneOffset.UTC)).build().health();

    assertThat(health.servingSince()).isEqualTo(now);
    assertThat(health.checkedAt()).isEqualTo(now);
    assertThat(health.description()).isEqualTo("good 1");
  }

  @Test
  void health_whileDegraded_isLiveAndReady() {
    LiveModel model = source.live().build();
    source.failure = Optional.of(new UnavailableException("store did not answer"));
    model.refresh();

    assertThat(model.health().live()).isTrue();
    assertThat(model.health().ready()).isTrue();
    assertThat(model.health().degraded()).isPresent();
  }

  @Test
  void health_afterClose_isNeitherLiveNorReady() {
    LiveModel model = source.live().build();

    model.close();

    assertThat(model.health().live()).isFalse();
    assertThat(model.health().ready()).isFalse();
  }

  @Test
  void health_afterTheExecutorHasEnded_isReadyButNotLive() {
    var executor = Executors.newSingleThreadScheduledExecutor();
    LiveModel model = source.live().refreshEvery(Duration.ofHours(1), executor).build();
    assertThat(model.health().live()).isTrue();

    executor.shutdownNow();

    assertThat(model.health().live()).isFalse();
    assertThat(model.health().ready()).isTrue();
  }

  @Test
  void predict_listenerThrows_answersAndCounts() {
    LiveModel model = source
        .live()
        .listener(new PredictionListener() {
          @Override
          public void predicted(ServedModel served, double[] row, double[] scores, long nanos) {
            throw new IllegalStateException("listener");
          }
        })
        .build();

    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(1));
    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(1));

    assertThat(model.health().listenerFailures()).isEqualTo(2);
  }

  @Test
  void predict_refusedRow_tellsListeners() {
    var events = new Events();
    LiveModel model = source.live().listener(events).build();

    assertThatThrownBy(() -> model.predict(new double[] {1, Double.NaN, 0}))
        .isInstanceOf(SignatureException.class);

    assertThat(events.failed).hasSize(1);
  }

  @Test
  void predict_wrongLength_isInvalid() {
    LiveModel model = source.live().build();

    assertThatThrownBy(() -> model.predict(new double[] {1}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("3 values, got 1");
  }

  @Test
  void predictAll_answersEveryRowWithOneVersion() {
    LiveModel model = source.live().build();

    List<Prediction> predictions = model.predictAll(new double[][] {ROW, ROW, ROW});

    assertThat(predictions).hasSize(3).containsOnly(new Prediction(model.current(), scoresOf(1)));
  }

  @Test
  void close_thenPredict_isUnavailable() {
    LiveModel model = source.live().build();

    model.close();

    assertThatThrownBy(() -> model.predict(ROW)).isInstanceOf(UnavailableException.class);
    assertThat(source.opened.get(0).closed).isTrue();
    assertThat(model.refresh()).isFalse();
  }

  @Test
  void predict_intoAnArray_allocatesNothing() {
    LiveModel model = source.live().listener(new PredictionListener() {}).build();
    double[] scores = new double[2];
    var allocated = new AllocatedBytes();
    for (int i = 0; i < 20_000; i++) {
      model.predict(ROW, scores);
    }

    long before = allocated.now();
    for (int i = 0; i < 10_000; i++) {
      model.predict(ROW, scores);
    }
    long after = allocated.now();

    assertThat(after - before).isLessThan(10_000);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Events implements PredictionListener {
    final List<ServedModel> swaps = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    final List<Throwable> failed = new ArrayList<>();

    @Override
    public void swapped(ServedModel model) {
      swaps.add(model);
    }

    @Override
    public void refreshFailed(ServedModel model, Throwable cause) {
      failures.add(cause);
    }

    @Override
    public void failed(ServedModel model, Throwable cause, long nanos) {
      failed.add(cause);
    }
  }
}
