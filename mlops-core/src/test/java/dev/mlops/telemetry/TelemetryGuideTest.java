package dev.mlops.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.serving.ServedModel;
import dev.mlops.telemetry.alert.AlertEngine;
import dev.mlops.telemetry.alert.AlertRule;
import dev.mlops.telemetry.alert.AlertSink;
import dev.mlops.telemetry.alert.AlertState;
import dev.mlops.telemetry.alert.CaseStudyAlerts;
import dev.mlops.telemetry.alert.PrometheusRules;
import dev.mlops.telemetry.alert.ValueLimit;
import dev.mlops.telemetry.alert.ValueLimit.Bound;
import dev.mlops.telemetry.alert.WebhookAlertSink;
import dev.mlops.telemetry.scaling.HorizontalPodAutoscaler;
import dev.mlops.telemetry.scaling.ScalingAdvisor;
import dev.mlops.telemetry.scaling.ScalingDecision;
import dev.mlops.telemetry.scaling.ScalingPolicy;
import io.opentelemetry.api.OpenTelemetry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The code of the pages telemetry.md and alerts.md, compiled and run. */
class TelemetryGuideTest {
  private final ServedModel servedModel = new ServedModel(
      "fraud",
      3,
      new Schema(
          List.of(new Feature.Numeric("age")), new Target.Classes("fraud", List.of("no", "yes"))));

  @Test
  void telemetryPage_window() {
    PredictionTelemetry telemetry = PredictionTelemetry.of(OpenTelemetry.noop());
    telemetry.predicted(servedModel, new double[] {40}, new double[] {0.9, 0.1}, 2_000_000);

    PredictionWindow recent = telemetry.window("fraud").orElseThrow();
    telemetry.outcome(servedModel, true);
    WindowCounts counts = recent.counts(Duration.ofMinutes(5));

    assertThat(counts.errorRate()).hasValue(0);
    assertThat(counts.accuracy()).hasValue(1);
    assertThat(recent.latencies(Duration.ofMinutes(5)).p95().orElseThrow())
        .isBetween(Duration.ofNanos(1_998_000), Duration.ofNanos(2_002_000));
    telemetry.close();
  }

  @Test
  void telemetryPage_mask() {
    PredictionTelemetry telemetry = PredictionTelemetry.builder(OpenTelemetry.noop())
        .spanFeatures((feature, value) -> feature.name().equals("age")
            ? Optional.of(value < 18 ? "minor" : "adult")
            : Optional.empty())
        .build();

    assertThat(telemetry.window("fraud")).isEmpty();
    telemetry.close();
  }

  @Test
  void telemetryPage_scaling() {
    ScalingPolicy policy = ScalingPolicy.caseStudy(2, 40);
    List<ScalingDecision> decisions = ScalingAdvisor.simulate(
        policy, Instant.EPOCH, Duration.ofSeconds(15), 2, List.of(15.0, 200.0));
    String manifest =
        HorizontalPodAutoscaler.yaml(policy, "fraud-api", Telemetry.REQUESTS_PER_SECOND);

    assertThat(decisions.get(0).replicas()).isEqualTo(2);
    assertThat(decisions.get(1))
        .returns(6, ScalingDecision::replicas)
        .returns(ScalingDecision.Reason.SCALE_UP_LIMIT, ScalingDecision::reason);
    assertThat(manifest).contains("averageValue: 10");
  }

  @Test
  void alertsPage_engine() throws Exception {
    PredictionTelemetry telemetry = PredictionTelemetry.of(OpenTelemetry.noop());
    byte[] key = new byte[32];
    var scheduler = Executors.newSingleThreadScheduledExecutor();

    try (AlertSink sink = AlertSink.all(
        AlertSink.log(),
        WebhookAlertSink.builder(URI.create("https://localhost:1/hook"))
            .secret(key)
            .build())) {
      List<AlertRule> rules = CaseStudyAlerts.rules(0.93, Map.of("no", 0.8, "yes", 0.2));
      AlertEngine engine = AlertEngine.builder("fraud", () -> telemetry.window("fraud"))
          .rules(rules)
          .rule(AlertRule.of("Drift", ValueLimit.of(this::driftStatistic, Bound.ABOVE, 0.2)))
          .sink(sink)
          .build();
      AutoCloseable evaluations = engine.start(scheduler, Duration.ofSeconds(15));
      assertThat(engine.evaluate())
          .hasSize(8)
          .allSatisfy(s -> assertThat(s.state()).isEqualTo(AlertState.NO_DATA));
      evaluations.close();

      String yaml = PrometheusRules.yaml("fraud", Duration.ofSeconds(15), rules);
      assertThat(yaml).contains("alert: HighErrorRate");
    } finally {
      scheduler.shutdownNow();
      telemetry.close();
    }
  }

  private OptionalDouble driftStatistic() {
    return OptionalDouble.of(0.1);
  }
}
