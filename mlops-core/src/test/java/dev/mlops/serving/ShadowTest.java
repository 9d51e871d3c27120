package dev.mlops.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ShadowTest {
  private final LiveModel second = new FakeSource().version(2).live().build();
  private final List<String> heard = new ArrayList<>();
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  @Test
  void predict_isMirroredOnTheExecutor() {
    Shadow shadow = Shadow.of(second, this::hear, tasks::add, 10);
    LiveModel first = first(shadow);

    assertThat(first.predict(FakeSource.ROW).model().version()).isEqualTo(1);
    assertThat(first.predict(FakeSource.ROW).model().version()).isEqualTo(1);
    assertThat(heard).isEmpty();
    runTasks();

    assertThat(heard).containsExactly("1 2", "1 2");
    assertThat(shadow.compared()).isEqualTo(2);
    first.predict(FakeSource.ROW);
    runTasks();
    assertThat(heard).hasSize(3);
  }

  @Test
  void predict_whileTheShadowIsSlow_dropsAndCounts() {
    Shadow shadow = Shadow.of(second, this::hear, tasks::add, 2);
    LiveModel first = first(shadow);

    for (int i = 0; i < 5; i++) {
      assertThat(first.predict(FakeSource.ROW).scores()).isEqualTo(FakeSource.scoresOf(1));
    }
    runTasks();

    assertThat(shadow.dropped()).isEqualTo(3);
    assertThat(shadow.compared()).isEqualTo(2);
  }

  @Test
  void predict_executorRefuses_answersAndCounts() {
    Shadow shadow = Shadow.of(
        second,
        this::hear,
        task -> {
          throw new RejectedExecutionException("full");
        },
        2);
    LiveModel first = first(shadow);

    for (int i = 0; i < 3; i++) {
      assertThat(first.predict(FakeSource.ROW).scores()).isEqualTo(FakeSource.scoresOf(1));
    }

    assertThat(shadow.dropped()).isEqualTo(3);
    assertThat(first.health().listenerFailures()).isZero();
  }

  @Test
  void predict_shadowThrows_isCounted() {
    second.close();
    Shadow shadow = Shadow.of(second, this::hear, Runnable::run, 2);
    LiveModel first = first(shadow);

    assertThat(first.predict(FakeSource.ROW).scores()).isEqualTo(FakeSource.scoresOf(1));

    assertThat(shadow.failed()).isEqualTo(1);
    assertThat(first.health().listenerFailures()).isZero();
  }

  @Test
  void predict_shadowThrowsAnError_isCountedAndTheNextIsAsked() {
    var broken = new AtomicBoolean(true);
    Shadow shadow = Shadow.of(
        second,
        (served, other) -> {
          if (broken.get()) {
            throw new AssertionError("comparison");
          }
        },
        Runnable::run,
        2);
    LiveModel first = first(shadow);

    first.predict(FakeSource.ROW);
    broken.set(false);
    first.predict(FakeSource.ROW);

    assertThat(shadow.failed()).isEqualTo(1);
    assertThat(shadow.compared()).isEqualTo(1);
    assertThat(first.health().listenerFailures()).isZero();
  }

  @Test
  void predict_executorHasNoThread_isCountedAndTheNextIsAsked() {
    var full = new AtomicBoolean(true);
    Shadow shadow = Shadow.of(
        second,
        this::hear,
        task -> {
          if (full.get()) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          task.run();
        },
        2);
    LiveModel first = first(shadow);

    first.predict(FakeSource.ROW);
    full.set(false);
    first.predict(FakeSource.ROW);

    assertThat(shadow.dropped()).isEqualTo(1);
    assertThat(shadow.compared()).isEqualTo(1);
    assertThat(first.health().listenerFailures()).isZero();
  }

  private void hear(Prediction served, Prediction shadow) {
    heard.add(served.model().version() + " " + shadow.model().version());
  }

  private static LiveModel first(Shadow shadow) {
    return new FakeSource().version(1).live().listener(shadow).build();
  }

  private void runTasks() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }
}
