package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillAndResumeTest {

  @Test
  void resume_afterTheProcessWasKilled_losesAtMostTheUnstoredBucket(@TempDir Path dir)
      throws Exception {
    Path file = dir.resolve("snapshot");
    Process process = new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            MonitorProcess.class.getName(),
            file.toString())
        .redirectErrorStream(true)
        .start();
    int stored = 0;
    try (BufferedReader out = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null && stored < 40; line = out.readLine()) {
        if (line.startsWith("stored ")) {
          stored = Integer.parseInt(line.substring(7));
        }
      }
    } finally {
      // SIGKILL on every Unix: no shutdown hook runs.
      process.destroyForcibly().waitFor();
    }
    assertThat(stored).isEqualTo(40);

    ManualClock clock = new ManualClock();
    clock.advance(Duration.ofSeconds(9000));
    List<DriftMonitor.Window> windows = new ArrayList<>();
    DriftMonitor resumed = MonitorProcess.builder(clock)
        .listener(new DriftMonitor.Listener() {
          @Override
          public void onReport(DriftMonitor.Window window) {
            windows.add(window);
          }

          @Override
          public void onBucket(Instant from, Instant to, long rows) {}
        })
        .resume(Files.readAllBytes(file))
        .build();
    clock.advance(Duration.ofSeconds(1));
    resumed.tick();

    long rows = windows.get(0).report().liveRows();
    assertThat(rows).isGreaterThanOrEqualTo(40L * MonitorProcess.ROWS_PER_BUCKET);
    assertThat(rows % MonitorProcess.ROWS_PER_BUCKET).isZero();
    Profile expected = MonitorProcess.baseline().newProfile();
    for (long i = 0; i < rows; i++) {
      expected.record(new double[] {MonitorProcess.row(i)});
    }
    assertThat(windows.get(0).report())
        .isEqualTo(MonitorProcess.baseline().compare(expected, DriftPolicy.defaults()));
  }
}
