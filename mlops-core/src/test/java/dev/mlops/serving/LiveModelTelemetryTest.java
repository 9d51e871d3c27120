package dev.mlops.serving;

import static dev.mlops.serving.FakeSource.ROW;
import static dev.mlops.serving.FakeSource.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.telemetry.PredictionTelemetry;
import dev.mlops.telemetry.Telemetry;
import dev.mlops.telemetry.WindowCounts;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A live model and its telemetry together, with a real OpenTelemetry SDK behind. */
class LiveModelTelemetryTest {
  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
      .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(metrics).build())
      .build();
  private final PredictionTelemetry telemetry = PredictionTelemetry.of(sdk);
  private final FakeSource source = new FakeSource().version(1);
  private final LiveModel model = source.live().listener(telemetry).build();

  @AfterEach
  void close() {
    model.close();
    telemetry.close();
    sdk.close();
  }

  @Test
  void predict_answeredAndFailed_isCountedUnderItsVersion() {
    model.predict(ROW);
    model.predict(ROW);
    source.opened.get(0).inside = () -> {
      throw new IllegalStateException("amount was 100");
    };
    assertThatThrownBy(() -> model.predict(ROW)).isInstanceOf(IllegalStateException.class);

    WindowCounts counts = telemetry.window("fraud").orElseThrow().counts(Duration.ofMinutes(1));

    assertThat(counts.requests()).isEqualTo(3);
    assertThat(counts.errors()).isEqualTo(1);
    assertThat(counts.mix()).containsEntry("yes", 2L).containsEntry("no", 0L);
    assertThat(versions(Telemetry.PREDICTION_COUNT)).containsOnly(1L);
    assertThat(sum(Telemetry.PREDICTION_COUNT)).isEqualTo(3);
    assertThat(sum(Telemetry.PREDICTION_ERRORS)).isEqualTo(1);
    assertThat(model.health().toString()).doesNotContain("listener threw");
  }

  @Test
  void refresh_swappedAndFailed_isTold() {
    assertThat(versions(Telemetry.MODEL_INFO)).containsExactly(1L);

    source.version(2);
    model.refresh();
    assertThat(versions(Telemetry.MODEL_INFO)).containsExactly(2L);

    source.version(3, SCHEMA, "corrupt");
    model.refresh();
    assertThat(versions(Telemetry.MODEL_INFO)).containsExactly(2L);
    assertThat(points(Telemetry.REFRESH_ERRORS))
        .filteredOn(point -> point.getValue() > 0)
        .singleElement()
        .satisfies(point -> {
          assertThat(point.getValue()).isEqualTo(1);
          assertThat(point.getAttributes().get(Telemetry.MODEL_VERSION)).isEqualTo(2);
        });
  }

  @Test
  void predict_countedAndTimed_allocatesNothing() {
    double[] scores = new double[2];
    var allocated = new AllocatedBytes();
    for (int i = 0; i < 50_000; i++) {
      model.predict(ROW, scores);
    }

    long before = allocated.now();
    for (int i = 0; i < 50_000; i++) {
      model.predict(ROW, scores);
    }

    assertThat((allocated.now() - before) / 50_000).isZero();
  }

  private List<Long> versions(String metric) {
    return points(metric).stream()
        .map(p -> p.getAttributes().get(Telemetry.MODEL_VERSION))
        .distinct()
        .toList();
  }

  private long sum(String metric) {
    return points(metric).stream().mapToLong(LongPointData::getValue).sum();
  }

  private List<LongPointData> points(String metric) {
    return metrics.collectAllMetrics().stream()
        .filter(m -> m.getName().equals(metric))
        .flatMap(m -> java.util.stream.Stream.concat(
            m.getLongSumData().getPoints().stream(), m.getLongGaugeData().getPoints().stream()))
        .toList();
  }
}
