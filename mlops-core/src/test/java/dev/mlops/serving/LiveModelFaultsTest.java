package dev.mlops.serving;

import static dev.mlops.serving.FakeSource.ROW;
import static dev.mlops.serving.FakeSource.scoresOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Named.named;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong around a live model reaches no request and ends nothing. */
class LiveModelFaultsTest {
  private final FakeSource source = new FakeSource().version(1);

  static Stream<Named<Error>> errors() {
    return Stream.of(new AssertionError("a"), new InternalError("b"), new StackOverflowError("c"))
        .map(e -> named(e.getClass().getSimpleName(), e));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void predict_onARetiredModelThatCannotBeClosed_answers(Error error) throws Exception {
    LiveModel model = source.live().build();
    FakeSource.FakePredictor old = source.opened.get(0);
    old.closing = () -> {
      throw error;
    };
    old.inside = () -> {
      source.version(2);
      assertThat(model.refresh()).isTrue();
    };

    Prediction prediction = model.predict(ROW);

    assertThat(prediction.scores()).isEqualTo(scoresOf(1));
    assertThat(old.closed).isTrue();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void refresh_sourceThrowsAnError_servesOnAndRecovers(Error error) {
    LiveModel model = source.live().build();
    source.version(2);
    source.resolving = () -> {
      throw error;
    };

    assertThat(model.refresh()).isFalse();

    assertThat(model.health().degraded())
        .hasValueSatisfying(why -> assertThat(why).contains(error.getClass().getSimpleName()));
    source.resolving = () -> {};
    assertThat(model.refresh()).isTrue();
    assertThat(model.health().degraded()).isEmpty();
  }

  @Test
  void refresh_listenerThrowsAnError_isCounted() {
    LiveModel model = source
        .live()
        .listener(new PredictionListener() {
          @Override
          public void predicted(ServedModel served, double[] row, double[] scores, long nanos) {
            throw new AssertionError("predicted");
          }

          @Override
          public void refreshFailed(ServedModel served, Throwable cause) {
            throw new AssertionError("refreshFailed");
          }
        })
        .build();
    source.version(2, FakeSource.SCHEMA, "corrupt");

    assertThat(model.refresh()).isFalse();
    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(1));

    assertThat(model.health().listenerFailures()).isEqualTo(2);
  }

  @Test
  void health_refreshHangs_isDegradedAndCloseDoesNotWait() throws Exception {
    var clock = ManualClock.at(Instant.parse("2026-05-03T10:00:00Z"));
    LiveModel model =
        source.live().clock(clock).refreshWithin(Duration.ofMinutes(1)).build();
    source.version(2);
    var hangs = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    source.resolving = () -> {
      hangs.countDown();
      await(goOn);
    };
    Executor ownThread = task -> new Thread(task).start(); // a common pool may have one thread only
    var refresh = CompletableFuture.supplyAsync(model::refresh, ownThread);
    await(hangs);

    clock.advance(Duration.ofMinutes(1));
    assertThat(model.health().degraded()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(model.health().degraded())
        .hasValue("a refresh has been running since 2026-05-03T10:00:00Z");
    assertThat(model.predict(ROW).scores()).isEqualTo(scoresOf(1));
    CompletableFuture.runAsync(model::close, ownThread).get(10, TimeUnit.SECONDS);

    assertThatThrownBy(() -> model.predict(ROW)).isInstanceOf(UnavailableException.class);
    goOn.countDown();
    assertThat(refresh.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(source.opened).hasSize(2).allMatch(predictor -> predictor.closed);
    assertThat(model.health().degraded()).isEmpty();
  }

  @Test
  void refreshWithin_nothing_isInvalid() {
    assertThatThrownBy(() -> source.live().refreshWithin(Duration.ZERO))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("PT0S");
  }

  @Test
  void health_repetitionHasEnded_isReadyButNotLive() {
    var scheduled = new AtomicReference<RunnableScheduledFuture<?>>();
    var executor = new ScheduledThreadPoolExecutor(1) {
      @Override
      protected <V> RunnableScheduledFuture<V> decorateTask(
          Runnable task, RunnableScheduledFuture<V> future) {
        scheduled.set(future);
        return future;
      }
    };
    LiveModel model = source.live().refreshEvery(Duration.ofHours(1), executor).build();
    assertThat(model.health().live()).isTrue();

    requireNonNull(scheduled.get()).cancel(false);

    assertThat(model.health().live()).isFalse();
    assertThat(model.health().ready()).isTrue();
    executor.shutdownNow();
  }

  @Test
  void listeners_ofASwapAndAClose_hearWhatServesNoLonger() {
    var heard = new ArrayList<String>();
    LiveModel model = source
        .live()
        .listener(new PredictionListener() {
          @Override
          public void swapped(ServedModel served) {
            heard.add("swapped " + served.version());
          }

          @Override
          public void retired(ServedModel served) {
            heard.add("retired " + served.version());
          }
        })
        .build();

    source.version(2);
    model.refresh();
    model.close();
    model.close();

    assertThat(heard).containsExactly("swapped 1", "swapped 2", "retired 1", "retired 2");
  }

  @Test
  void predictAll_oneBadRow_tellsOfEveryRow() {
    var failed = new ArrayList<Throwable>();
    LiveModel model = source.live().listener(failuresTo(failed)).build();

    assertThatThrownBy(() -> model.predictAll(new double[][] {ROW, {1, Double.NaN, 0}, ROW}))
        .isInstanceOf(SignatureException.class);

    assertThat(failed).hasSize(3).hasOnlyElementsOfType(SignatureException.class);
  }

  @Test
  void microBatcher_oneBadRow_tellsOfItOnce() {
    var failed = new ArrayList<Throwable>();
    LiveModel model = source.live().listener(failuresTo(failed)).build();
    var executor = new ScheduledThreadPoolExecutor(1);
    var batcher = MicroBatcher.of(model, 10, Duration.ofHours(1), executor);
    var bad = batcher.predict(new double[] {1, Double.NaN, 0});
    var good = batcher.predict(ROW);

    batcher.close();

    assertThat(good).isCompleted();
    assertThat(bad).isCompletedExceptionally();
    assertThat(failed).hasSize(1);
    executor.shutdownNow();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void microBatcher_modelThrowsAnError_completesEveryAnswer(Error error) {
    LiveModel model = source.live().build();
    source.opened.get(0).inside = () -> {
      throw error;
    };
    var executor = new ScheduledThreadPoolExecutor(1);
    var batcher = MicroBatcher.of(model, 10, Duration.ofHours(1), executor);
    var answers = List.of(batcher.predict(ROW), batcher.predict(ROW));

    batcher.close();

    assertThat(answers).allMatch(CompletableFuture::isCompletedExceptionally);
    executor.shutdownNow();
  }

  @Test
  void logs_ofAListenerThatThrows_nameTheClassAndNoMessage() {
    var said = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      LiveModel model = source
          .live()
          .listener(new PredictionListener() {
            @Override
            public void predicted(ServedModel served, double[] row, double[] scores, long nanos) {
              throw new IllegalStateException("amount was 4242");
            }
          })
          .build();
      model.predict(ROW);
    } finally {
      System.setErr(before);
    }

    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("java.lang.IllegalStateException")
        .doesNotContain("4242");
  }

  private static PredictionListener failuresTo(List<Throwable> failed) {
    return new PredictionListener() {
      @Override
      public void failed(ServedModel model, Throwable cause, long nanos) {
        failed.add(cause);
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
