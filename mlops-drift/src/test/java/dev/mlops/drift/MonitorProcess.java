package dev.mlops.drift;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;

/**
 * A service that records for ever and stores a snapshot after each bucket, to be killed by a test.
 */
final class MonitorProcess {
  static final int ROWS_PER_BUCKET = 100;

  private MonitorProcess() {}

  static Baseline baseline() {
    double[] x = new double[1000];
    java.util.Arrays.setAll(x, i -> i / 1000.0);
    return Baseline.fit(Columns.builder().numeric("x", x).build());
  }

  static DriftMonitor.Builder builder(ManualClock clock) {
    return DriftMonitor.builder(baseline(), DriftPolicy.defaults(), clock)
        .sliding(Duration.ofSeconds(10_000), Duration.ofSeconds(1));
  }

  static double row(long i) {
    return (i * 7919 % 1000) / 1000.0;
  }

  public static void main(String[] args) {
    Path file = Path.of(args[0]);
    ManualClock clock = new ManualClock();
    DriftMonitor[] self = new DriftMonitor[1];
    self[0] = builder(clock)
        .listener(new DriftMonitor.Listener() {
          private int buckets;

          @Override
          public void onBucket(Instant from, Instant to, long rows) {
            try {
              Path part = file.resolveSibling("part");
              Files.write(part, self[0].snapshot());
              Files.move(
                  part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            System.out.println("stored " + ++buckets);
          }
        })
        .build();
    for (long i = 0; ; i++) {
      if (i > 0 && i % ROWS_PER_BUCKET == 0) {
        clock.advance(Duration.ofSeconds(1));
      }
      self[0].record(new double[] {row(i)});
    }
  }
}
