package dev.mlops.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicroBatcherTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final LiveModel model = new FakeSource().version(1).live().build();

  @AfterEach
  void shutDown() {
    executor.shutdownNow();
  }

  @Test
  void predict_enoughRows_runsAtOnce() throws Exception {
    var batcher = MicroBatcher.of(model, 3, NEVER, executor);
    List<CompletableFuture<Prediction>> answers = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      answers.add(batcher.predict(FakeSource.ROW));
    }

    for (CompletableFuture<Prediction> answer : answers) {
      assertThat(answer.get(10, TimeUnit.SECONDS).scores()).isEqualTo(FakeSource.scoresOf(1));
    }
  }

  @Test
  void predict_tooFewRows_runsAfterTheDelay() throws Exception {
    var batcher = MicroBatcher.of(model, 100, Duration.ofMillis(1), executor);

    assertThat(batcher.predict(FakeSource.ROW).get(10, TimeUnit.SECONDS).model().version())
        .isEqualTo(1);
  }

  @Test
  void predict_oneBadRow_failsAlone() throws Exception {
    var batcher = MicroBatcher.of(model, 2, NEVER, executor);

    var bad = batcher.predict(new double[] {1, Double.NaN, 0});
    var good = batcher.predict(FakeSource.ROW);

    assertThat(good.get(10, TimeUnit.SECONDS).scores()).isEqualTo(FakeSource.scoresOf(1));
    assertThatThrownBy(() -> bad.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SignatureException.class);
  }

  @Test
  void predict_rowChangedByTheCaller_isAsItWas() throws Exception {
    var batcher = MicroBatcher.of(model, 2, NEVER, executor);
    double[] row = FakeSource.ROW.clone();
    var answer = batcher.predict(row);
    row[0] = Double.NaN;

    batcher.predict(FakeSource.ROW);

    assertThat(answer.get(10, TimeUnit.SECONDS).scores()).isEqualTo(FakeSource.scoresOf(1));
  }

  @Test
  void close_answersWhatWaitsAndRefusesTheRest() {
    var batcher = MicroBatcher.of(model, 100, NEVER, executor);
    var answer = batcher.predict(FakeSource.ROW);

    batcher.close();

    assertThat(answer).isCompleted();
    assertThatThrownBy(() -> batcher.predict(FakeSource.ROW))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void of_nonsense_isInvalid() {
    assertThatThrownBy(() -> MicroBatcher.of(model, 0, NEVER, executor))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> MicroBatcher.of(model, 1, Duration.ofMillis(-1), executor))
        .isInstanceOf(InvalidInputException.class);
  }
}
