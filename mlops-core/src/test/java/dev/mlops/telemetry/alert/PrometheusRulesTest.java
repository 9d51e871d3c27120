package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.serving.ServedModel;
import dev.mlops.telemetry.PredictionTelemetry;
import dev.mlops.telemetry.alert.ValueLimit.Bound;
import dev.mlops.testing.ManualClock;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is exported means in Prometheus what it means here. The tests that ask {@code promtool} are
 * skipped where it is neither on the path nor named by the system property {@code mlops.promtool}.
 */
class PrometheusRulesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final List<AlertRule> RULES = CaseStudyAlerts.rules(0.9, mix());
  private static final ServedModel MODEL = new ServedModel(
      "fraud",
      3,
      new Schema(
          List.of(new Feature.Numeric("income")),
          new Target.Classes("fraud", List.of("no", "yes"))));
  private static final double[] ROW = {1};
  private static final double[] NO = {1, 0};
  private static final double[] YES = {0, 1};

  @TempDir
  private Path directory;

  private static Map<String, Double> mix() {
    var mix = new LinkedHashMap<String, Double>();
    mix.put("no", 0.8);
    mix.put("yes", 0.2);
    return mix;
  }

  @Test
  void yaml_ofARule_isARuleFile() {
    AlertRule rule = AlertRule.of("HighErrorRate", new ErrorRate(0.05, Duration.ofMinutes(5)))
        .holdFor(Duration.ofSeconds(90))
        .keepFiringFor(Duration.ofMinutes(3))
        .summary("it's {{bad}}");

    assertThat(PrometheusRules.yaml("fraud", Duration.ofSeconds(15), List.of(rule)))
        .isEqualTo("""
            groups:
              - name: 'mlops-fraud'
                interval: 15s
                rules:
                  - alert: HighErrorRate
                    expr: 'sum(rate(mlops_prediction_errors_total{mlops_model_name="fraud",\
            error_type!="invalid_input"}[5m])) / sum(rate(mlops_prediction_count_total{\
            mlops_model_name="fraud",error_type!="invalid_input"}[5m])) > 0.05'
                    for: 90s
                    keep_firing_for: 3m
                    labels:
                      severity: warning
                      model: 'fraud'
                    annotations:
                      summary: 'it''s {{ "{{" }}bad}}'
            """);
  }

  @Test
  void yaml_ofAValueWithoutMetric_isRefused() {
    var rule = AlertRule.of("R", ValueLimit.of(OptionalDouble::empty, Bound.ABOVE, 1));
    assertThatThrownBy(() -> PrometheusRules.yaml("fraud", MINUTE, List.of(rule)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("metric");

    var named = new ValueLimit(OptionalDouble::empty, Bound.BELOW, 1e-7, "min(x) or vector(1)");
    assertThat(named.promQl("fraud")).isEqualTo("(min(x) or vector(1)) < 0.0000001");
  }

  @Test
  void shippedFile_isWhatTheCodeExports() throws IOException {
    try (var in = requireNonNull(AlertRule.class.getResourceAsStream("case-study-rules.yml"))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(PrometheusRules.yaml("fraud", Duration.ofSeconds(15), RULES));
    }
  }

  @Test
  void promtool_findsTheRulesCorrect() throws Exception {
    Path rules = write("rules.yml", PrometheusRules.yaml("fraud", MINUTE, RULES));

    String said = promtool("check", "rules", rules.toString());

    assertThat(said).contains("SUCCESS: 7 rules found");
  }

  /**
   * Four hours of traffic that goes wrong in every way, minute by minute, as our own telemetry
   * emits it: what fires here must fire in Prometheus at the same minute, and nothing else.
   */
  @Test
  void promtool_onTheSameTraffic_firesTheSameAlertsAtTheSameMinutes() throws Exception {
    var clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    var reader = InMemoryMetricReader.create();
    var meters = SdkMeterProvider.builder().registerMetricReader(reader).build();
    // A day of history would only repeat this: the accuracy is judged over an hour instead.
    List<AlertRule> rules = RULES.stream()
        .map(r -> r.name().equals("AccuracyDrop")
            ? AlertRule.of(r.name(), new AccuracyDrop(0.9, 0.05, Duration.ofHours(1)))
                .keepFiringFor(Duration.ofMinutes(10))
            : r)
        .toList();
    var series = new Series();
    var tests = new StringBuilder();
    var fired = new TreeSet<String>();
    try (var sdk = OpenTelemetrySdk.builder().setMeterProvider(meters).build();
        var telemetry = PredictionTelemetry.builder(sdk).clock(clock).build()) {
      telemetry.swapped(MODEL);
      AlertEngine engine = AlertEngine.builder("fraud", () -> telemetry.window("fraud"))
          .rules(rules)
          .sink(alert -> {})
          .clock(clock)
          .build();
      for (int minute = 0; minute <= 240; minute++) {
        if (minute > 0) {
          clock.advance(Duration.ofSeconds(20));
          traffic(telemetry, minute);
          clock.advance(Duration.ofSeconds(40));
        }
        series.sample(minute, Exposition.counts(reader.collectAllMetrics()));
        for (AlertStatus status : engine.evaluate()) {
          boolean firing = status.state() == AlertState.FIRING;
          if (firing) {
            fired.add(status.rule().name());
          }
          tests.append(expectation(minute, status.rule(), firing));
        }
      }
    }
    assertThat(fired).hasSize(7);

    write("rules.yml", PrometheusRules.yaml("fraud", MINUTE, rules));
    Path test = write(
        "test.yml",
        "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n"
            + "  input_series:\n"
            + series.yaml()
            + "  alert_rule_test:\n"
            + tests);

    assertThat(promtool("test", "rules", test.toString())).contains("SUCCESS");
  }

  private static void traffic(PredictionTelemetry telemetry, int minute) {
    boolean failing = (minute > 30 && minute <= 60) || (minute > 150 && minute <= 156);
    boolean slow = minute > 70 && minute <= 85;
    boolean shifted = minute > 90 && minute <= 150;
    boolean wrong = minute > 160 && minute <= 200;
    // Barely too many: a limit exported one point too high would not fire.
    boolean barely = minute > 205 && minute <= 225;
    for (int i = 0; i < 100; i++) {
      long nanos = (slow && i % 10 == 0) || (barely && i % 50 > 46) ? 3_000_000_000L : 400_000_000L;
      if ((failing && i % 5 == 0) || (barely && i % 50 < 3)) {
        telemetry.failed(MODEL, new IllegalStateException(), nanos);
      } else {
        boolean yes = i % 100 < (shifted ? 60 : 20);
        telemetry.predicted(MODEL, ROW, yes ? YES : NO, nanos);
      }
      telemetry.outcome(MODEL, i < (wrong ? 70 : 90));
    }
    // A client that sends wrong rows for half an hour must page nobody.
    if (minute > 1 && minute <= 30) {
      for (int i = 0; i < 50; i++) {
        telemetry.failed(MODEL, new InvalidInputException("wrong"), 400_000_000L);
      }
    }
  }

  /** The cumulative values that Prometheus would have scraped each minute. */
  private static final class Series {
    private final Map<String, List<String>> samples = new TreeMap<>();

    void sample(int minute, Map<String, Long> now) {
      now.forEach((name, value) -> {
        List<String> values = samples.computeIfAbsent(name, n -> {
          assertThat(minute == 0 || n.contains("_bucket"))
              .as("counter %s begins at minute 0, got minute %d", n, minute)
              .isTrue();
          return new ArrayList<>(Collections.nCopies(minute, "_"));
        });
        values.add(value.toString());
      });
    }

    String yaml() {
      return samples.entrySet().stream()
          .map(e -> "  - series: '"
              + e.getKey()
              + "'\n    values: '"
              + String.join(" ", e.getValue())
              + "'\n")
          .collect(Collectors.joining());
    }
  }

  private static String expectation(int minute, AlertRule rule, boolean firing) {
    String alert =
        "  - eval_time: " + minute + "m\n    alertname: " + rule.name() + "\n    exp_alerts:";
    return firing
        ? alert
            + "\n    - exp_labels: {severity: "
            + rule.severity().label()
            + ", model: fraud}\n      exp_annotations: {summary: '"
            + rule.summary()
            + "'}\n"
        : alert + " []\n";
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static String promtool(String... arguments) throws Exception {
    Optional<String> tool = Stream.concat(
            Stream.ofNullable(System.getProperty("mlops.promtool")),
            Stream.of(System.getenv()
                    .getOrDefault("PATH", "")
                    .split(Pattern.quote(File.pathSeparator), -1))
                .map(dir -> dir + File.separator + "promtool"))
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst();
    assumeThat(tool).as("promtool, on the path or as -Dmlops.promtool").isPresent();
    var command = new ArrayList<String>();
    command.add(tool.orElseThrow());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
