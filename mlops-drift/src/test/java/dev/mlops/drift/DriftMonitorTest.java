package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftMonitorTest {
  private static final boolean LONG = Boolean.getBoolean("mlops.long");
  private final ManualClock clock = new ManualClock();

  private static final class Recorder implements DriftMonitor.Listener {
    final List<DriftMonitor.Window> windows = new ArrayList<>();
    final List<DriftMonitor.Alert> alerts = new ArrayList<>();
    final List<Long> buckets = new ArrayList<>();

    @Override
    public void onBucket(Instant from, Instant to, long rows) {
      buckets.add(rows);
    }

    @Override
    public void onReport(DriftMonitor.Window window) {
      windows.add(window);
    }

    @Override
    public void onAlert(DriftMonitor.Alert alert) {
      alerts.add(alert);
    }
  }

  /** Fifty features of five shapes; a drift adds 0.3 to the uniform beneath three of them. */
  private static void fill(
      double[] row, SplittableRandom random, boolean drift, Set<Integer> drifting) {
    for (int i = 0; i < row.length; i++) {
      double u = random.nextDouble() + (drift && drifting.contains(i) ? 0.3 : 0);
      row[i] = switch (i % 5) {
        case 0 -> u;
        case 1 -> u * u;
        case 2 -> Math.floor(u * 12);
        case 3 -> u < 0.5 ? 0 : u;
        default -> 1 / (1.5 - u);
      };
    }
  }

  private static Baseline baseline(int features, long seed) {
    int rows = 20_000;
    double[][] columns = new double[features][rows];
    double[] row = new double[features];
    SplittableRandom random = new SplittableRandom(seed);
    for (int r = 0; r < rows; r++) {
      fill(row, random, false, Set.of());
      for (int f = 0; f < features; f++) {
        columns[f][r] = row[f];
      }
    }
    Columns.Builder builder = Columns.builder();
    for (int f = 0; f < features; f++) {
      builder.numeric("f" + f, columns[f]);
    }
    return Baseline.fit(builder.build(), Baseline.Options.defaults().withoutReference());
  }

  @Test
  void day_withADriftAtHourThirteen_namesExactlyTheDriftedFeatures() {
    int seeds = LONG ? 20 : 3;
    int rowsPerSecond = Integer.getInteger("mlops.rowsPerSecond", LONG ? 1000 : 3);
    Set<Integer> drifting = Set.of(7, 20, 33);
    for (int seed = 1; seed <= seeds; seed++) {
      ManualClock day = new ManualClock();
      Recorder recorder = new Recorder();
      DriftMonitor monitor = DriftMonitor.builder(
              baseline(50, 1000 + seed), DriftPolicy.defaults(), day)
          .tumbling(Duration.ofHours(1))
          .listener(recorder)
          .build();
      SplittableRandom random = new SplittableRandom(seed);
      double[] row = new double[50];
      for (int second = 0; second < 24 * 3600; second++) {
        for (int r = 0; r < rowsPerSecond; r++) {
          fill(row, random, second >= 13 * 3600, drifting);
          monitor.record(row);
        }
        day.advance(Duration.ofSeconds(1));
      }
      monitor.tick();

      assertThat(recorder.windows).hasSize(24);
      for (int hour = 0; hour < 24; hour++) {
        List<String> named = recorder.windows.get(hour).report().driftedFeatures();
        if (hour < 13) {
          assertThat(named).as("seed %s hour %s", seed, hour).isEmpty();
        } else {
          assertThat(named).as("seed %s hour %s", seed, hour).containsExactly("f7", "f20", "f33");
        }
      }
      assertThat(recorder.alerts).as("seed %s", seed).hasSize(1);
      assertThat(recorder.alerts.get(0).started()).containsExactly("f7", "f20", "f33");
      assertThat(recorder.buckets).allMatch(rows -> rows == 3600L * rowsPerSecond);
    }
  }

  @Test
  void sliding_ofThreeBuckets_comparesTheLastThree() {
    Recorder recorder = new Recorder();
    DriftMonitor monitor = DriftMonitor.builder(baseline(2, 1), DriftPolicy.defaults(), clock)
        .sliding(Duration.ofMinutes(3), Duration.ofMinutes(1))
        .listener(recorder)
        .build();
    for (int minute = 0; minute < 6; minute++) {
      for (int i = 0; i < 10 * (minute + 1); i++) {
        monitor.record(new double[] {0.5, 0.25});
      }
      clock.advance(Duration.ofMinutes(1));
    }
    monitor.tick();

    assertThat(recorder.windows)
        .extracting(w -> w.report().liveRows())
        .containsExactly(10L, 30L, 60L, 90L, 120L, 150L);
    DriftMonitor.Window last = recorder.windows.get(5);
    assertThat(Duration.between(last.from(), last.to())).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void persistence_ofTwoOfThree_waitsForTheSecondWindowAndResolves() {
    Recorder recorder = new Recorder();
    DriftMonitor monitor = DriftMonitor.builder(
            baseline(1, 1), DriftPolicy.builder().persistence(2, 3).build(), clock)
        .tumbling(Duration.ofMinutes(1))
        .listener(recorder)
        .build();
    boolean[] drift = {false, true, false, true, false, false};
    SplittableRandom random = new SplittableRandom(4);
    for (boolean d : drift) {
      for (int i = 0; i < 500; i++) {
        monitor.record(new double[] {random.nextDouble() + (d ? 0.5 : 0)});
      }
      clock.advance(Duration.ofMinutes(1));
      monitor.tick();
    }

    assertThat(recorder.alerts).hasSize(2);
    assertThat(recorder.alerts.get(0).started()).containsExactly("f0");
    assertThat(recorder.alerts.get(0).window()).isEqualTo(recorder.windows.get(3));
    assertThat(recorder.alerts.get(1).resolved()).containsExactly("f0");
  }

  @Test
  void recordPrediction_andLabel_goToTheirFeatures() {
    Baseline baseline = Baseline.fit(Columns.builder()
        .numeric("x", 1, 2, 3)
        .numeric("prediction", 0.1, 0.2, 0.3)
        .encoded("label", new double[] {0, 1, 0}, List.of("no", "yes"))
        .build());
    Recorder recorder = new Recorder();
    DriftMonitor monitor = DriftMonitor.builder(baseline, DriftPolicy.defaults(), clock)
        .tumbling(Duration.ofMinutes(1))
        .listener(recorder)
        .build();
    for (int i = 0; i < 40; i++) {
      monitor.record(new double[] {2});
      monitor.recordPrediction(0.9);
    }
    monitor.record(Map.of("x", 2));
    monitor.recordLabel(1);
    clock.advance(Duration.ofMinutes(1));
    monitor.tick();

    DriftReport report = recorder.windows.get(0).report();
    assertThat(report.feature("x").orElseThrow().live().present()).isEqualTo(41);
    assertThat(report.feature("prediction").orElseThrow().live().present()).isEqualTo(40);
    assertThat(report.feature("label").orElseThrow().live().present()).isEqualTo(1);
  }

  @Test
  void record_afterAListenerThrew_goesOn() {
    DriftMonitor monitor = DriftMonitor.builder(baseline(1, 1), DriftPolicy.defaults(), clock)
        .tumbling(Duration.ofMinutes(1))
        .listener(new DriftMonitor.Listener() {
          @Override
          public void onReport(DriftMonitor.Window window) {
            throw new IllegalStateException("on purpose");
          }
        })
        .build();
    monitor.record(new double[] {0.5});
    clock.advance(Duration.ofMinutes(1));

    monitor.record(new double[] {0.5});

    assertThat(monitor.failures()).isEqualTo(1);
    assertThat(monitor.pendingRows()).isEqualTo(1);
  }

  @Test
  void record_byManyThreads_losesNothing() throws Exception {
    Recorder recorder = new Recorder();
    DriftMonitor monitor = DriftMonitor.builder(baseline(3, 1), DriftPolicy.defaults(), clock)
        .tumbling(Duration.ofMinutes(1))
        .listener(recorder)
        .build();
    int threads = 8;
    CountDownLatch done = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      new Thread(() -> {
            for (int i = 0; i < 5000; i++) {
              monitor.record(new double[] {0.1, 0.2, 0.3});
            }
            done.countDown();
          })
          .start();
    }
    done.await();
    clock.advance(Duration.ofMinutes(1));
    monitor.tick();

    assertThat(recorder.buckets).containsExactly(40_000L);
  }

  @Test
  void resume_ofASnapshot_goesOnWithTheSameCountsAndAlerts() {
    Baseline baseline = baseline(2, 1);
    DriftMonitor first = monitor(baseline, new Recorder(), null);
    SplittableRandom random = new SplittableRandom(1);
    for (int minute = 0; minute < 3; minute++) {
      for (int i = 0; i < 200; i++) {
        first.record(new double[] {random.nextDouble() + 0.5, random.nextDouble() / 2});
      }
      clock.advance(Duration.ofMinutes(1));
      first.tick();
    }
    first.record(new double[] {0.5, 0.5});
    byte[] snapshot = first.snapshot();
    Recorder recorder = new Recorder();

    DriftMonitor second = monitor(baseline, recorder, snapshot);

    assertThat(second.snapshot()).isEqualTo(snapshot);
    assertThat(second.pendingRows()).isEqualTo(1);
    assertThat(second.history()).isEqualTo(first.history());
    clock.advance(Duration.ofMinutes(1));
    second.tick();
    assertThat(recorder.windows.get(0).report().liveRows()).isEqualTo(401);
    assertThat(recorder.alerts).isEmpty();
  }

  private DriftMonitor monitor(
      Baseline baseline, DriftMonitor.Listener listener, byte @Nullable [] snapshot) {
    DriftMonitor.Builder builder = DriftMonitor.builder(baseline, DriftPolicy.defaults(), clock)
        .sliding(Duration.ofMinutes(3), Duration.ofMinutes(1))
        .listener(listener);
    return snapshot == null ? builder.build() : builder.resume(snapshot).build();
  }

  @Test
  void resume_ofADamagedOrForeignSnapshot_isRefused() {
    Baseline baseline = baseline(2, 1);
    byte[] snapshot = monitor(baseline, new Recorder(), null).snapshot();
    for (int i = 0; i < snapshot.length; i++) {
      byte[] damaged = snapshot.clone();
      damaged[i] ^= 0x10;
      assertThatExceptionOfType(DriftException.class)
          .as("byte %s", i)
          .isThrownBy(() -> monitor(baseline, new Recorder(), damaged))
          .matches(e -> e.kind() == DriftException.Kind.CORRUPT);
      byte[] cut = Arrays.copyOf(snapshot, i);
      assertThatExceptionOfType(DriftException.class)
          .isThrownBy(() -> monitor(baseline, new Recorder(), cut));
    }
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> monitor(baseline(2, 2), new Recorder(), snapshot))
        .matches(e -> e.kind() == DriftException.Kind.NOT_COMPARABLE);
  }

  @Test
  void memoryBytes_statesTheCounters() {
    DriftMonitor monitor = DriftMonitor.builder(baseline(50, 1), DriftPolicy.defaults(), clock)
        .sliding(Duration.ofHours(24), Duration.ofHours(1))
        .build();

    assertThat(monitor.memoryBytes()).isBetween(1_000_000L, 6_000_000L);
  }

  @Test
  void builder_ofBadWindows_isRefused() {
    DriftMonitor.Builder builder =
        DriftMonitor.builder(baseline(1, 1), DriftPolicy.defaults(), clock);

    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> builder.sliding(Duration.ofMinutes(5), Duration.ofMinutes(2)));
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> builder.sliding(Duration.ZERO, Duration.ZERO));
  }
}
