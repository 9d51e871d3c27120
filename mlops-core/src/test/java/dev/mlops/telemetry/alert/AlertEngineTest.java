package dev.mlops.telemetry.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import dev.mlops.telemetry.alert.AlertRule.Severity;
import dev.mlops.telemetry.alert.ValueLimit.Bound;
import dev.mlops.testing.ManualClock;
import dev.mlops.testing.RecordingAlertSink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlertEngineTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final PredictionWindow window = new PredictionWindow(new Target.Quantity("price"), clock);
  private final RecordingAlertSink sink = new RecordingAlertSink();

  @Test
  void evaluate_ofABreach_tellsEverythingOnce() {
    AlertEngine engine = engine(AlertRule.of("R", new ErrorRate(0.05, MINUTE))
        .severity(Severity.CRITICAL)
        .summary("bad"));
    window.failed(1);
    window.answered(0, 1);

    engine.evaluate();
    engine.evaluate();

    assertThat(sink.alerts())
        .containsExactly(new Alert(
            "price/R/" + clock.millis() + "/FIRING",
            "R",
            "price",
            AlertState.FIRING,
            Severity.CRITICAL,
            "bad",
            clock.instant(),
            clock.instant(),
            0.5,
            0.05));
  }

  @Test
  void evaluate_beforeAModelServes_hasNoData() {
    AlertEngine engine = AlertEngine.builder("price", Optional::empty)
        .rule(AlertRule.of("R", new ErrorRate(0.05, MINUTE)))
        .clock(clock)
        .build();

    assertThat(engine.evaluate().get(0).state()).isEqualTo(AlertState.NO_DATA);
  }

  @Test
  void evaluate_whenOneConditionThrows_evaluatesTheOthers() {
    AlertEngine engine = engine(
        AlertRule.of(
            "Broken",
            ValueLimit.of(
                () -> {
                  throw new IllegalStateException("no value today");
                },
                Bound.ABOVE,
                1)),
        AlertRule.of("Drift", ValueLimit.of(() -> OptionalDouble.of(0.3), Bound.ABOVE, 0.25)),
        AlertRule.of("Low", ValueLimit.of(() -> OptionalDouble.of(0.3), Bound.BELOW, 0.25)),
        AlertRule.of("None", ValueLimit.of(OptionalDouble::empty, Bound.BELOW, 0.25)),
        AlertRule.of("NaN", ValueLimit.of(() -> OptionalDouble.of(Double.NaN), Bound.BELOW, 1)));

    assertThat(engine.evaluate())
        .extracting(AlertStatus::state)
        .containsExactly(
            AlertState.NO_DATA,
            AlertState.FIRING,
            AlertState.INACTIVE,
            AlertState.NO_DATA,
            AlertState.NO_DATA);
  }

  @Test
  void evaluate_whenASinkThrows_tellsTheOthersAndGoesOn() {
    AlertSink broken = alert -> {
      throw new IllegalStateException("sink is down");
    };
    AlertEngine engine = AlertEngine.builder("price", () -> Optional.of(window))
        .rule(AlertRule.of("A", ValueLimit.of(() -> OptionalDouble.of(1), Bound.ABOVE, 0)))
        .rule(AlertRule.of("B", ValueLimit.of(() -> OptionalDouble.of(1), Bound.ABOVE, 0)))
        .sink(AlertSink.all(broken, AlertSink.log(), sink, broken))
        .clock(clock)
        .build();

    engine.evaluate();

    assertThat(sink.alerts()).extracting(Alert::rule).containsExactly("A", "B");
  }

  @Test
  void evaluate_onErrors_goesOnWithTheOtherRulesAndSinks() {
    AlertSink broken = alert -> {
      throw new AssertionError("sink");
    };
    AlertEngine engine = AlertEngine.builder("price", () -> Optional.of(window))
        .rule(AlertRule.of(
            "Broken",
            ValueLimit.of(
                () -> {
                  throw new StackOverflowError();
                },
                Bound.ABOVE,
                1)))
        .rule(AlertRule.of("A", ValueLimit.of(() -> OptionalDouble.of(1), Bound.ABOVE, 0)))
        .rule(AlertRule.of("B", ValueLimit.of(() -> OptionalDouble.of(1), Bound.ABOVE, 0)))
        .sink(AlertSink.all(broken, sink, broken))
        .clock(clock)
        .build();

    engine.evaluate();

    assertThat(sink.alerts()).extracting(Alert::rule).containsExactly("A", "B");
  }

  @Test
  void start_windowThrowsAnError_goesOnEvaluating() throws Exception {
    var twice = new CountDownLatch(2);
    AlertEngine engine = AlertEngine.builder("price", () -> {
          twice.countDown();
          throw new AssertionError("window");
        })
        .rule(AlertRule.of("R", new ErrorRate(0.05, MINUTE)))
        .build();
    assertEvaluates(engine, twice);
  }

  /** Runs an engine until it has evaluated as often as the latch counts. */
  private static void assertEvaluates(AlertEngine engine, CountDownLatch times) throws Exception {
    var executor = Executors.newSingleThreadScheduledExecutor();
    try (AutoCloseable evaluations = engine.start(executor, Duration.ofMillis(1))) {
      assertThat(evaluations).isNotNull();
      assertThat(times.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void builder_ofANameThatNoModelHas_isInvalid() {
    assertThatThrownBy(() -> AlertEngine.builder("modèle", Optional::empty))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("modèle");
  }

  @Test
  void start_onAnExecutor_evaluatesUntilClosed() throws Exception {
    var twice = new CountDownLatch(2);
    AlertEngine engine = engine(AlertRule.of(
        "R",
        ValueLimit.of(
            () -> {
              twice.countDown();
              return OptionalDouble.of(0);
            },
            Bound.ABOVE,
            1)));
    assertEvaluates(engine, twice);
  }

  @Test
  void build_ofNonsense_namesTheValue() {
    AlertRule rule = AlertRule.of("R", new ErrorRate(0.05, MINUTE));
    assertThatThrownBy(() -> engine(rule, rule))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'R'");
    assertThatThrownBy(() -> engine()).hasMessageContaining("none");
    assertThatThrownBy(() -> AlertRule.of("a b", rule.condition())).hasMessageContaining("'a b'");
    assertThatThrownBy(() -> rule.holdFor(MINUTE.negated())).hasMessageContaining("PT-1M");
    assertThatThrownBy(() -> rule.summary("two\nlines")).hasMessageContaining("'R'");
    assertThatThrownBy(() -> new ErrorRate(5, MINUTE)).hasMessageContaining("5.0");
    assertThatThrownBy(() -> new ErrorRate(0.05, Duration.ofDays(30)))
        .hasMessageContaining("PT720H");
    assertThatThrownBy(() -> new Availability(Double.NaN, MINUTE)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new LatencyQuantile(1, MINUTE, MINUTE)).hasMessageContaining("1.0");
    assertThatThrownBy(() -> new LatencyQuantile(0.5, MINUTE, Duration.ofHours(1)))
        .hasMessageContaining("PT1H");
    assertThatThrownBy(() -> new AccuracyDrop(0, 0.05, MINUTE)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> new PredictionMixShift(Map.of("a", 0.5), 0.1, 1, MINUTE))
        .hasMessageContaining("a=0.5");
    assertThatThrownBy(() -> new PredictionMixShift(Map.of("a", 1.0), 0.1, 0, MINUTE))
        .hasMessageContaining("0");
    assertThatThrownBy(() -> ValueLimit.of(OptionalDouble::empty, Bound.ABOVE, Double.NaN))
        .hasMessageContaining("NaN");
  }

  @Test
  void recordingSink_isStricterThanReal() {
    AlertEngine engine =
        engine(AlertRule.of("R", ValueLimit.of(() -> OptionalDouble.of(1), Bound.ABOVE, 0)));
    engine.evaluate();
    Alert alert = sink.alerts().get(0);

    assertThatThrownBy(() -> sink.accept(alert)).hasMessageContaining("twice");
    sink.close();
    assertThatThrownBy(() -> sink.accept(alert)).hasMessageContaining("closed");
  }

  private AlertEngine engine(AlertRule... rules) {
    return AlertEngine.builder("price", () -> Optional.of(window))
        .rules(List.of(rules))
        .sink(sink)
        .clock(clock)
        .build();
  }
}
