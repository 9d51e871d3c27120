package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import dev.mlops.telemetry.alert.ValueLimit.Bound;
import dev.mlops.testing.ManualClock;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
                    expr: 'sum(rate(mlops_prediction_errors_total{mlops_model_name="fraud"}[5m])) / \
            sum(rate(mlops_prediction_count_total{mlops_model_name="fraud"}[5m])) > 0.05'
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
   * Four hours of traffic that goes wrong in every way, minute by minute: what fires here must fire
   * in Prometheus at the same minute, and nothing else.
   */
  @Test
  void promtool_onTheSameTraffic_firesTheSameAlertsAtTheSameMinutes() throws Exception {
    var clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    var window = new PredictionWindow(new Target.Classes("fraud", List.of("no", "yes")), clock);
    // A day of history would only repeat this: the accuracy is judged over an hour instead.
    List<AlertRule> rules = RULES.stream()
        .map(r -> r.name().equals("AccuracyDrop")
            ? AlertRule.of(r.name(), new AccuracyDrop(0.9, 0.05, Duration.ofHours(1)))
                .keepFiringFor(Duration.ofMinutes(10))
            : r)
        .toList();
    AlertEngine engine = AlertEngine.builder("fraud", () -> Optional.of(window))
        .rules(rules)
        .sink(alert -> {})
        .clock(clock)
        .build();
    var series = new Series();
    var tests = new StringBuilder();
    var fired = new TreeSet<String>();
    for (int minute = 0; minute <= 240; minute++) {
      if (minute > 0) {
        clock.advance(Duration.ofSeconds(20));
        traffic(window, series, minute);
        clock.advance(Duration.ofSeconds(40));
      }
      series.sample();
      for (AlertStatus status : engine.evaluate()) {
        boolean firing = status.state() == AlertState.FIRING;
        if (firing) {
          fired.add(status.rule().name());
        }
        tests.append(expectation(minute, status.rule(), firing));
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

  private static void traffic(PredictionWindow window, Series series, int minute) {
    boolean failing = (minute > 30 && minute <= 60) || (minute > 150 && minute <= 156);
    boolean slow = minute > 70 && minute <= 85;
    boolean shifted = minute > 90 && minute <= 150;
    boolean wrong = minute > 160 && minute <= 200;
    // Barely too many: a limit exported one point too high would not fire.
    boolean barely = minute > 205 && minute <= 225;
    for (int i = 0; i < 100; i++) {
      long nanos = (slow && i % 10 == 0) || (barely && i % 50 > 46) ? 3_000_000_000L : 400_000_000L;
      if ((failing && i % 5 == 0) || (barely && i % 50 < 3)) {
        window.failed(nanos);
        series.failed(nanos);
      } else {
        int predicted = i % 100 < (shifted ? 60 : 20) ? 1 : 0;
        window.answered(predicted, nanos);
        series.answered(predicted, nanos);
      }
      boolean right = i < (wrong ? 70 : 90);
      window.outcome(right);
      series.outcome(right);
    }
  }

  /** The cumulative values that Prometheus would have scraped each minute. */
  private static final class Series {
    private static final String MODEL = "mlops_model_name=\"fraud\"";
    private final Map<String, Long> now = new LinkedHashMap<>();
    private final Map<String, List<Long>> samples = new LinkedHashMap<>();

    Series() {
      for (String name : List.of(
          "mlops_prediction_count_total{%s}",
          "mlops_prediction_count_total{%s,mlops_prediction_class=\"no\"}",
          "mlops_prediction_count_total{%s,mlops_prediction_class=\"yes\"}",
          "mlops_prediction_errors_total{%s}",
          "mlops_prediction_outcomes_total{%s,mlops_prediction_right=\"true\"}",
          "mlops_prediction_outcomes_total{%s,mlops_prediction_right=\"false\"}",
          "mlops_prediction_duration_seconds_bucket{%s,le=\"0.5\"}",
          "mlops_prediction_duration_seconds_bucket{%s,le=\"2\"}",
          "mlops_prediction_duration_seconds_bucket{%s,le=\"5\"}",
          "mlops_prediction_duration_seconds_bucket{%s,le=\"+Inf\"}")) {
        now.put(name.formatted(MODEL), 0L);
      }
    }

    void answered(int predicted, long nanos) {
      add("class=\"" + (predicted == 0 ? "no" : "yes") + '"');
      timed(nanos);
    }

    void failed(long nanos) {
      add("mlops_prediction_count_total{" + MODEL + "}");
      add("errors_total");
      timed(nanos);
    }

    void outcome(boolean right) {
      add("right=\"" + right + '"');
    }

    private void timed(long nanos) {
      if (nanos <= 500_000_000L) {
        add("le=\"0.5\"");
      }
      if (nanos <= 2_000_000_000L) {
        add("le=\"2\"");
      }
      add("le=\"5\"");
      add("le=\"+Inf\"");
    }

    private void add(String part) {
      now.replaceAll((name, value) -> name.contains(part) ? value + 1 : value);
    }

    void sample() {
      now.forEach(
          (name, value) -> samples.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }

    String yaml() {
      return samples.entrySet().stream()
          .map(e -> "  - series: '"
              + e.getKey()
              + "'\n    values: '"
              + e.getValue().stream().map(String::valueOf).collect(Collectors.joining(" "))
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
