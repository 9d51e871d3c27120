package dev.mlops.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class DurationBatchesTest {
  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final SdkMeterProvider meters =
      SdkMeterProvider.builder().registerMetricReader(metrics).build();
  private final DurationBatches batches =
      new DurationBatches(meters.get("test").histogramBuilder("d").build(), Attributes.empty());

  @Test
  void record_isHeldBackUntilTheFlush() {
    batches.record(1_000_000_000);
    assertThat(metrics.collectAllMetrics()).isEmpty();

    batches.flush();

    assertThat(histogram().getCount()).isEqualTo(1);
    assertThat(histogram().getSum()).isEqualTo(1);
  }

  @Test
  void record_byManyThreadsWhileOthersFlush_losesAndDoublesNothing() throws Exception {
    int threads = 4;
    int calls = 100_000;
    var workers = new ArrayList<Thread>();
    for (int t = 0; t < threads; t++) {
      var worker = new Thread(() -> {
        for (int i = 0; i < calls; i++) {
          batches.record(1_000_000_000);
          if (i % 1_000 == 0) {
            batches.flush();
          }
        }
      });
      workers.add(worker);
      worker.start();
    }
    for (Thread worker : workers) {
      worker.join();
    }
    batches.flush();

    assertThat(histogram().getCount()).isEqualTo((long) threads * calls);
    assertThat(histogram().getSum()).isEqualTo((double) threads * calls);
  }

  private HistogramPointData histogram() {
    return metrics
        .collectAllMetrics()
        .iterator()
        .next()
        .getHistogramData()
        .getPoints()
        .iterator()
        .next();
  }
}
