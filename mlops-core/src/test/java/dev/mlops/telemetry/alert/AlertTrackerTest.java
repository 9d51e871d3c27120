package dev.mlops.telemetry.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.data.Target;
import dev.mlops.telemetry.PredictionWindow;
import dev.mlops.telemetry.Vectors;
import dev.mlops.testing.ManualClock;
import dev.mlops.testing.RecordingAlertSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The states in {@code alert_states.json} were read off promtool 2.42 minute by minute. */
class AlertTrackerTest {
  private static final JsonNode STATES = Vectors.read("alert_states");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final double NONE = Double.NaN;

  private static final AlertRule ERRORS = AlertRule.of(
          "HighErrorRate", new ErrorRate(0.05, MINUTE.multipliedBy(5)))
      .holdFor(MINUTE.multipliedBy(5))
      .keepFiringFor(MINUTE.multipliedBy(3));
  private static final AlertRule P95 = AlertRule.of(
          "P95", new LatencyQuantile(0.95, Duration.ofSeconds(2), MINUTE.multipliedBy(5)))
      .holdFor(MINUTE.multipliedBy(2));
  private static final AlertRule ACCURACY =
      AlertRule.of("AccuracyDrop", new AccuracyDrop(0.9, 0.05, MINUTE));

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));

  /** Every value that promtool computed, put through the same limit. */
  @Test
  void states_ofPromtoolsValues_arePromtoolsStates() {
    assertThat(statesOf(ERRORS, values("err", 0.05))).isEqualTo(expected("HighErrorRate"));
    assertThat(statesOf(P95, values("p95", 2))).isEqualTo(expected("P95"));
    var accuracy = new ArrayList<Measurement>();
    for (int minute = 0; minute < 40; minute++) {
      double current = minute >= 10 && minute <= 20 ? 0.85 : 0.9;
      accuracy.add(Measurement.above((0.9 - current) / 0.9, 0.05));
    }
    assertThat(statesOf(ACCURACY, accuracy)).isEqualTo(expected("AccuracyDrop"));
  }

  /**
   * The same 40 minutes as calls: 100 a minute, of which 1, then 10 fail (all of them in minute 22,
   * where promtool's series reset), and 10 % take longer than 2.5 s.
   */
  @Test
  void states_ofThatTrafficThroughTheWindow_arePromtoolsStates() {
    var window = new PredictionWindow(new Target.Classes("y", List.of("a", "b")), clock);
    var engine = AlertEngine.builder("fraud", () -> Optional.of(window))
        .rules(List.of(ERRORS, P95, ACCURACY))
        .sink(new RecordingAlertSink())
        .clock(clock)
        .build();
    var states = List.of(new ArrayList<String>(), new ArrayList<String>(), new ArrayList<String>());
    for (int minute = 0; minute < 40; minute++) {
      if (minute > 0) {
        clock.advance(Duration.ofSeconds(30));
        minuteOfTraffic(window, minute);
        clock.advance(Duration.ofSeconds(30));
      }
      List<AlertStatus> statuses = engine.evaluate();
      for (int i = 0; i < 3; i++) {
        states.get(i).add(asPrometheus(statuses.get(i).state()));
      }
      if (minute > 0 && minute < 22) {
        double promtool =
            STATES.get("expr_value_at_minute").get("err").get(minute).asDouble();
        assertThat(statuses.get(0).measurement().orElseThrow().value())
            .as("minute %s", minute)
            .isCloseTo(promtool, within(1e-12));
      }
    }

    assertThat(states.get(0)).isEqualTo(expected("HighErrorRate"));
    assertThat(states.get(1)).isEqualTo(expected("P95"));
    assertThat(states.get(2)).isEqualTo(expected("AccuracyDrop"));
  }

  private static void minuteOfTraffic(PredictionWindow window, int minute) {
    int errors = minute <= 10 ? 1 : minute <= 21 ? 10 : minute == 22 ? 100 : 0;
    int right = minute >= 10 && minute <= 20 ? 85 : 90;
    for (int i = 0; i < 100; i++) {
      long nanos = i % 100 < 50
          ? 400_000_000L
          : i < 70 ? 900_000_000L : i < 90 ? 2_300_000_000L : 4_000_000_000L;
      if (i < errors) {
        window.failed(nanos);
      } else {
        window.answered(0, nanos);
      }
      window.outcome(i < right);
    }
  }

  @Test
  void noData_isNamedAndIsNotResolved() {
    AlertRule rule = AlertRule.of("R", new ErrorRate(0.5, MINUTE));

    assertThat(run(rule, NONE, 0, 1, NONE, NONE, 0, NONE))
        .containsExactly(
            "NO_DATA", "INACTIVE", "FIRING", "NO_DATA", "NO_DATA", "RESOLVED", "RESOLVED");
    assertThat(told).containsExactly("FIRING", "NO_DATA", "RESOLVED");
  }

  @Test
  void noData_whileKeptFiring_waitsLikeFalse() {
    AlertRule rule =
        AlertRule.of("R", new ErrorRate(0.5, MINUTE)).keepFiringFor(Duration.ofMinutes(2));

    assertThat(run(rule, 1, NONE, 0, NONE, 1))
        .containsExactly("FIRING", "FIRING", "FIRING", "NO_DATA", "FIRING");
    assertThat(told).containsExactly("FIRING", "NO_DATA", "FIRING");
  }

  @Test
  void noData_whilePending_startsOver() {
    AlertRule rule = AlertRule.of("R", new ErrorRate(0.5, MINUTE)).holdFor(Duration.ofMinutes(2));

    assertThat(run(rule, 1, 1, NONE, 1, 1, 1))
        .containsExactly("PENDING", "PENDING", "NO_DATA", "PENDING", "PENDING", "FIRING");
  }

  @Test
  void resolved_isRememberedForFifteenMinutes() {
    AlertRule rule = AlertRule.of("R", new ErrorRate(0.5, MINUTE));
    double[] values = new double[18];
    values[0] = 1;

    List<String> states = run(rule, values);

    assertThat(states.subList(1, 17)).containsOnly("RESOLVED");
    assertThat(states.get(17)).isEqualTo("INACTIVE");
    assertThat(told).containsExactly("FIRING", "RESOLVED");
  }

  @Test
  void flapping_withinKeepFiring_tellsOnce() {
    AlertRule rule =
        AlertRule.of("R", new ErrorRate(0.5, MINUTE)).keepFiringFor(Duration.ofMinutes(3));

    run(rule, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0);

    assertThat(told).containsExactly("FIRING", "RESOLVED");
  }

  private final List<String> told = new ArrayList<>();

  private List<String> run(AlertRule rule, double... values) {
    var tracker = new AlertTracker(rule, clock.instant());
    var states = new ArrayList<String>();
    for (double value : values) {
      Measurement measurement = Double.isNaN(value) ? null : Measurement.above(value, 0.5);
      tracker.step(clock.instant(), measurement).ifPresent(s -> told.add(s.name()));
      states.add(tracker.status().state().name());
      clock.advance(MINUTE);
    }
    return states;
  }

  private List<String> statesOf(AlertRule rule, List<Measurement> measurements) {
    var tracker = new AlertTracker(rule, clock.instant());
    var states = new ArrayList<String>();
    for (Measurement measurement : measurements) {
      tracker.step(clock.instant(), Double.isNaN(measurement.value()) ? null : measurement);
      states.add(asPrometheus(tracker.status().state()));
      clock.advance(MINUTE);
    }
    return states;
  }

  private static List<Measurement> values(String series, double limit) {
    var values = new ArrayList<Measurement>();
    for (JsonNode value : STATES.get("expr_value_at_minute").get(series)) {
      OptionalDouble known =
          value.isNull() ? OptionalDouble.empty() : OptionalDouble.of(value.asDouble());
      values.add(Measurement.above(known.orElse(NONE), limit));
    }
    return values;
  }

  private static List<String> expected(String rule) {
    var states = new ArrayList<String>();
    STATES.get("state_at_minute").get(rule).forEach(s -> states.add(s.asText()));
    assertThat(states).hasSize(40);
    return states;
  }

  private static String asPrometheus(AlertState state) {
    return switch (state) {
      case PENDING, FIRING -> state.name().toLowerCase(Locale.ROOT);
      case INACTIVE, RESOLVED, NO_DATA -> "inactive";
    };
  }
}
