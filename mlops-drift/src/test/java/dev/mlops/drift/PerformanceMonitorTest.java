package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PerformanceMonitorTest {
  private final ManualClock clock = new ManualClock();
  private final List<PerformanceMonitor.Alert> alerts = new ArrayList<>();

  private void feed(PerformanceMonitor monitor, Random random, int rows, double accuracy) {
    for (int i = 0; i < rows; i++) {
      String id = "r" + random.nextLong();
      monitor.recordPrediction(id, 1);
      monitor.recordLabel(id, random.nextDouble() < accuracy ? 1 : 0);
    }
  }

  @Test
  void recordLabel_afterADropBeyondFivePoints_firesOnceAndRecovers() {
    PerformanceMonitor monitor = PerformanceMonitor.builder(0.9, clock)
        .window(500, 100)
        .onAlert(alerts::add)
        .build();
    Random random = new Random(6);

    feed(monitor, random, 2000, 0.9);
    assertThat(alerts).isEmpty();
    feed(monitor, random, 2000, 0.7);
    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).firing()).isTrue();
    assertThat(alerts.get(0).message()).contains("registered 0.9000, allowed drop 0.0500");
    feed(monitor, random, 2000, 0.92);

    assertThat(alerts).hasSize(2);
    assertThat(alerts.get(1).firing()).isFalse();
    assertThat(monitor.state().firing()).isFalse();
  }

  @Test
  void recordLabel_ofUnknownId_isCountedAndIgnored() {
    PerformanceMonitor monitor = PerformanceMonitor.builder(0.9, clock).build();

    monitor.recordLabel("nobody", 1);

    assertThat(monitor.state().unmatched()).isEqualTo(1);
    assertThat(monitor.state().labels()).isZero();
    assertThat(monitor.state().accuracy()).isEmpty();
  }

  @Test
  void recordPrediction_beyondTimeOrNumber_expiresTheOldest() {
    PerformanceMonitor monitor =
        PerformanceMonitor.builder(0.9, clock).pending(Duration.ofHours(1), 2).build();

    monitor.recordPrediction("a", 1);
    monitor.recordPrediction("b", 1);
    monitor.recordPrediction("c", 1);
    assertThat(monitor.state().pending()).isEqualTo(2);
    clock.advance(Duration.ofHours(2));
    monitor.recordPrediction("d", 1);

    assertThat(monitor.state().pending()).isEqualTo(1);
    assertThat(monitor.state().expired()).isEqualTo(3);
  }

  @Test
  void build_ofBadSettings_isRefused() {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> PerformanceMonitor.builder(1.1, clock).build());
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> PerformanceMonitor.builder(0.9, clock).window(10, 20).build());
  }
}
