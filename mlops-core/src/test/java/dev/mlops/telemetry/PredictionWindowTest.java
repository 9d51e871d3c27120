package dev.mlops.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictionWindowTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration FIVE = Duration.ofMinutes(5);
  private static final Target YES_NO = new Target.Classes("fraud", List.of("no", "yes"));

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final PredictionWindow window = new PredictionWindow(YES_NO, clock);

  @Test
  void counts_ofNothing_haveNoRates() {
    WindowCounts counts = window.counts(FIVE);

    assertThat(counts.requests()).isZero();
    assertThat(counts.errorRate()).isEmpty();
    assertThat(counts.availability()).isEmpty();
    assertThat(counts.accuracy()).isEmpty();
    assertThat(counts.requestsPerSecond()).isZero();
    assertThat(window.latencies(FIVE).p95()).isEmpty();
  }

  @Test
  void requestsPerSecond_ofAWindowThatHasJustBegun_isNoHighRate() {
    for (int i = 0; i < 5; i++) {
      window.answered(0, 1000);
    }
    clock.advance(Duration.ofMillis(50));

    assertThat(window.counts(MINUTE).requestsPerSecond()).isEqualTo(5);
  }

  @Test
  void counts_ofRefusedRowsOnly_haveNoRates() {
    window.refused(1000);
    window.refused(1000);

    WindowCounts counts = window.counts(FIVE);

    assertThat(counts.requests()).isEqualTo(2);
    assertThat(counts.refused()).isEqualTo(2);
    assertThat(counts.answered()).isZero();
    assertThat(counts.errorRate()).isEmpty();
    assertThat(counts.availability()).isEmpty();
    assertThat(window.latencies(FIVE).count()).isEqualTo(2);
  }

  @Test
  void counts_inTheWindow_areExact() {
    for (int i = 0; i < 10; i++) {
      window.answered(i % 5 == 0 ? 1 : 0, 1000);
    }
    window.failed(2000);
    window.outcome(true);
    window.outcome(true);
    window.outcome(false);
    clock.advance(Duration.ofSeconds(10));

    WindowCounts counts = window.counts(MINUTE);

    assertThat(counts.requests()).isEqualTo(11);
    assertThat(counts.errors()).isEqualTo(1);
    assertThat(counts.errorRate()).hasValue(1 / 11.0);
    assertThat(counts.availability()).hasValue(10 / 11.0);
    assertThat(counts.accuracy()).hasValue(2 / 3.0);
    assertThat(counts.mix()).isEqualTo(Map.of("no", 8L, "yes", 2L));
    assertThat(counts.requestsPerSecond()).isEqualTo(1.1);
    assertThat(window.latencies(MINUTE).count()).isEqualTo(11);
  }

  @Test
  void counts_afterTheWindow_forget() {
    window.answered(0, 1000);
    clock.advance(FIVE);
    assertThat(window.counts(FIVE).requests()).isEqualTo(1);
    assertThat(window.latencies(FIVE).count()).isEqualTo(1);

    clock.advance(Duration.ofSeconds(5));

    assertThat(window.counts(FIVE).requests()).isZero();
    assertThat(window.latencies(FIVE).count()).isZero();
    assertThat(window.counts(Duration.ofHours(1)).requests()).isEqualTo(1);
  }

  @Test
  void window_againstAListOfEveryCall_isTheSame() {
    long seed = 42;
    var random = new SplittableRandom(seed);
    record Call(long slice, long nanos, boolean failed) {}
    var calls = new ArrayDeque<Call>();
    for (int step = 0; step < 4_000; step++) {
      clock.advance(Duration.ofMillis(random.nextInt(20) == 0 ? random.nextInt(400_000) : 700));
      for (int i = random.nextInt(4); i > 0; i--) {
        long nanos = random.nextLong(1L << random.nextInt(4, 34));
        boolean failed = random.nextInt(10) == 0;
        if (failed) {
          window.failed(nanos);
        } else {
          window.answered(0, nanos);
        }
        calls.add(new Call(clock.millis() / 5000, nanos, failed));
      }
      if (step % 10 == 0) {
        Duration length = Duration.ofSeconds(5L * random.nextInt(1, 121));
        long from = (clock.millis() - length.toMillis()) / 5000;
        List<Call> inside = calls.stream().filter(c -> c.slice() >= from).toList();
        WindowCounts counts = window.counts(length);
        assertThat(counts.requests()).as("seed %s step %s", seed, step).isEqualTo(inside.size());
        assertThat(counts.errors())
            .isEqualTo(inside.stream().filter(Call::failed).count());
        long[] sorted = inside.stream().mapToLong(Call::nanos).sorted().toArray();
        WindowLatencies latencies = window.latencies(length);
        for (double q : new double[] {0.01, 0.5, 0.95, 0.99, 1}) {
          if (sorted.length == 0) {
            assertThat(latencies.quantile(q)).isEmpty();
          } else {
            long exact = sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
            assertThat((double) latencies.quantile(q).orElseThrow().toNanos())
                .as("seed %s step %s q %s", seed, step, q)
                .isBetween(exact * 0.999, exact * 1.001);
          }
        }
      }
    }
  }

  @Test
  void counts_overDays_useMinutes() {
    window.failed(1);
    for (int hour = 0; hour < 72; hour++) {
      clock.advance(Duration.ofHours(1));
      window.answered(0, 1);
    }

    assertThat(window.counts(Duration.ofDays(3)).requests()).isEqualTo(73);
    assertThat(window.counts(Duration.ofDays(1)).requests()).isEqualTo(25);
    clock.advance(MINUTE);
    assertThat(window.counts(Duration.ofDays(3)).requests()).isEqualTo(72);
    clock.advance(Duration.ofDays(400));
    assertThat(window.counts(Duration.ofDays(3)).requests()).isZero();
  }

  @Test
  void answered_whenTheClockStepsBack_countsInTheSliceReached() {
    clock.advance(FIVE);
    window.answered(0, 1000);
    clock.advance(FIVE.negated());

    window.answered(0, 1000);

    assertThat(window.counts(MINUTE).requests()).isEqualTo(2);
    assertThat(window.latencies(MINUTE).count()).isEqualTo(2);
  }

  @Test
  void answered_byManyThreadsWhileTimePasses_losesNothing() throws Exception {
    int threads = 4;
    int calls = 200_000;
    var workers = new ArrayList<Thread>();
    for (int t = 0; t < threads; t++) {
      var worker = new Thread(() -> {
        for (int i = 0; i < calls; i++) {
          if (i % 10 == 0) {
            window.failed(i);
          } else {
            window.answered(i & 1, i);
          }
        }
      });
      workers.add(worker);
      worker.start();
    }
    for (int i = 0; i < 90; i++) {
      clock.advance(Duration.ofSeconds(5));
      WindowCounts counts = window.counts(PredictionWindow.DETAIL);
      assertThat(counts.requests()).isBetween(0L, (long) threads * calls);
      Thread.onSpinWait();
    }
    for (Thread worker : workers) {
      worker.join();
    }

    WindowCounts counts = window.counts(PredictionWindow.DETAIL);
    assertThat(counts.requests()).isEqualTo((long) threads * calls);
    assertThat(counts.errors()).isEqualTo((long) threads * calls / 10);
    assertThat(window.counts(PredictionWindow.HISTORY).requests())
        .isEqualTo((long) threads * calls);
    assertThat(window.latencies(PredictionWindow.DETAIL).count()).isEqualTo((long) threads * calls);
  }

  @Test
  void answered_onceThePagesExist_allocatesNothing() {
    Runnable round = () -> {
      for (int slice = 0; slice < 130; slice++) {
        for (int i = 0; i < 200; i++) {
          window.answered(i & 1, 1000 + i);
        }
        window.failed(1000);
        clock.advance(Duration.ofSeconds(5));
      }
    };
    for (int i = 0; i < 20; i++) {
      round.run();
    }
    long ofTheClock = Allocations.of(() -> {
      for (int i = 0; i < 130; i++) {
        clock.advance(Duration.ofSeconds(5));
      }
    });

    long allocated = Allocations.of(round);

    assertThat(allocated).isLessThanOrEqualTo(ofTheClock + 20_000);
  }

  @Test
  void mix_ofManyClasses_foldsTheRest() {
    var many = new Target.Classes(
        "digit", IntStream.range(0, 40).mapToObj(i -> "c" + i).toList());
    var folded = new PredictionWindow(many, clock);

    for (int i = 0; i < 40; i++) {
      folded.answered(i, 1);
    }

    Map<String, Long> mix = folded.counts(MINUTE).mix();
    assertThat(mix).hasSize(PredictionWindow.MAX_CLASSES).containsEntry("c30", 1L);
    assertThat(mix).containsEntry(PredictionWindow.OTHER_CLASSES, 9L);
    assertThat(folded.counts(MINUTE).requests()).isEqualTo(40);
  }

  @Test
  void mix_ofAQuantity_isEmpty() {
    var quantity = new PredictionWindow(new Target.Quantity("price"), clock);

    quantity.answered(0, 1);

    assertThat(quantity.counts(MINUTE).mix()).isEmpty();
    assertThat(quantity.counts(MINUTE).requests()).isEqualTo(1);
  }

  @Test
  void windows_outOfRange_areRefused() {
    assertThatThrownBy(() -> window.counts(Duration.ZERO))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("PT0S");
    assertThatThrownBy(() -> window.counts(Duration.ofDays(4))).hasMessageContaining("PT96H");
    assertThatThrownBy(() -> window.latencies(Duration.ofHours(1))).hasMessageContaining("PT1H");
    assertThatThrownBy(() -> window.latencies(MINUTE).quantile(0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> window.latencies(MINUTE).quantile(Double.NaN))
        .hasMessageContaining("NaN");
  }
}
