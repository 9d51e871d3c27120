package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventReaderTest {
  private static final Experiment EXPERIMENT =
      Experiment.builder("e").control("a", 1).variant("b", 1).build();
  private static final AnalysisPlan PLAN =
      AnalysisPlan.fixed(100).metric(Metric.mean("x")).build();

  private final List<Event> events = new ArrayList<>();
  private int ids;

  @Test
  void read_anyOrderAndDuplicates_givesTheSameStatistics() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      exposure("u" + i, 1, i % 2 == 0 ? "a" : "b", i);
      for (int k = 0; k < random.nextInt(4); k++) {
        outcome("u" + i, "x", random.nextInt(100), 1000 + i + k);
      }
    }
    EventReader.Result inOrder = read();
    List<Event> shuffled = new ArrayList<>(events);
    shuffled.addAll(events.subList(100, 400));
    Collections.shuffle(shuffled, random);

    EventReader.Result result = EventReader.of(EXPERIMENT, PLAN).read(shuffled);

    assertThat(result.duplicates()).isEqualTo(300);
    assertThat(result.outOfOrder()).isPositive();
    assertThat(analyse(result).results().get(0).difference())
        .isEqualTo(analyse(inOrder).results().get(0).difference());
    assertThat(analyse(result).toJson()).isEqualTo(analyse(inOrder).toJson());
  }

  @Test
  void read_outcomesOutsideTheirTime_areCountedNotUsed() {
    exposure("u1", 1, "a", 100);
    outcome("u1", "x", 1, 50);
    outcome("u1", "x", 2, 100);
    outcome("u1", "x", 4, 150);
    outcome("u1", "x", 8, 10_000);
    outcome("stranger", "x", 16, 120);
    outcome("u1", "other", 32, 120);

    EventReader.Result result =
        EventReader.of(EXPERIMENT, PLAN).window(Duration.ofMillis(1000)).read(events);

    assertThat(result.beforeExposure()).isEqualTo(1);
    assertThat(result.late()).isEqualTo(1);
    assertThat(result.unknownUnit()).isEqualTo(1);
    assertThat(result.unrelated()).isEqualTo(1);
    assertThat(mean(result, "a")).isEqualTo(6);
  }

  @Test
  void read_unitInTwoVariants_isReportedAndLeftOut() {
    exposure("u1", 1, "a", 1);
    exposure("u1", 1, "b", 2);
    exposure("u2", 1, "a", 1);
    exposure("u2", 1, "a", 5);

    EventReader.Result result = read();

    assertThat(result.multipleExposures()).isEqualTo(1);
    assertThat(result.repeatedExposures()).isEqualTo(2);
    assertThat(result.data().units()).isEqualTo(1);
    assertThat(analyse(result).verdict()).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void read_overriddenUnit_isLeftOut() {
    events.add(new Event.Exposure("o", Instant.ofEpochMilli(1), "u", "e", 1, "b", false));
    outcome("u", "x", 1, 5);

    assertThat(read().overrides()).isEqualTo(1);
    assertThat(read().data().units()).isZero();
  }

  @Test
  void read_unitThatMovesWithNewWeights_staysInItsCohortUntilTheyChange() {
    Experiment second = EXPERIMENT.reweigh(Map.of("a", 1, "b", 3));
    exposure("u1", 1, "a", 100);
    outcome("u1", "x", 1, 150);
    exposure("u9", 2, "b", 200);
    exposure("u1", 2, "b", 300);
    outcome("u1", "x", 2, 250);

    EventReader.Result result = EventReader.of(second, PLAN).read(events);

    assertThat(result.moved()).isEqualTo(1);
    assertThat(result.multipleExposures()).isZero();
    assertThat(result.late()).isEqualTo(1);
    assertThat(result.data().cell(1, "a").units()).isEqualTo(1);
    assertThat(result.data().cell(2, "b").units()).isEqualTo(1);
    assertThat(mean(result, "a")).isEqualTo(1);
  }

  @Test
  void read_trafficRamp_keepsCountingOutcomes() {
    Experiment second = EXPERIMENT.ramp(0.5);
    exposure("u1", 1, "a", 100);
    exposure("u2", 2, "a", 200);
    outcome("u1", "x", 1, 250);

    EventReader.Result result = EventReader.of(second, PLAN).read(events);

    assertThat(result.late()).isZero();
    assertThat(result.data().cell(1, "a").moments(PLAN.metrics().get(0)).meanY())
        .isEqualTo(1);
  }

  @Test
  void read_covariate_countsFromBeforeTheExposure() {
    AnalysisPlan plan =
        AnalysisPlan.fixed(100).metric(Metric.mean("x").covariate("before")).build();
    exposure("u1", 1, "a", 100);
    outcome("u1", "before", 7, 10);

    EventReader.Result result = EventReader.of(EXPERIMENT, plan).read(events);

    assertThat(result.data().cell(1, "a").moments(plan.metrics().get(0)).meanX())
        .isEqualTo(7);
  }

  @Test
  void read_rampWithSimpsonReversal_showsNoEffect() {
    // 5 % canary while 10 % convert, then half and half while 5 % convert; the variant does
    // nothing.
    Experiment canary = Experiment.builder("e").control("a", 95).variant("b", 5).build();
    Experiment half = canary.reweigh(Map.of("a", 50, "b", 50));
    Random random = new Random(99);
    Assigner first = Assigner.of(canary);
    Assigner second = Assigner.of(half);
    for (int i = 0; i < 60_000; i++) {
      boolean early = i < 30_000;
      Assignment assignment = (early ? first : second).assign("u" + i);
      exposure("u" + i, assignment.epoch(), assignment.variantOr(""), i);
      if (random.nextDouble() < (early ? 0.10 : 0.05)) {
        outcome("u" + i, "x", 1, early ? 29_999 : 100_000);
      }
    }
    AnalysisPlan plan =
        AnalysisPlan.fixed(60_000).metric(Metric.proportion("x")).build();
    EventReader.Result result = EventReader.of(half, plan).read(events);

    AnalysisReport report = Analysis.run(half, plan, result.data());

    MetricResult metric = report.results().get(0);
    assertThat(metric.interval().orElseThrow().contains(0)).isTrue();
    assertThat(metric.pValue().orElseThrow()).isGreaterThan(0.05);
    assertThat(report.verdict()).isInstanceOf(Verdict.KeepControl.class);
    double pooled = pooledRate(result.data(), plan, "b") / pooledRate(result.data(), plan, "a") - 1;
    assertThat(pooled).as("what pooling would have claimed").isLessThan(-0.25);
  }

  private static double pooledRate(ExperimentData data, AnalysisPlan plan, String variant) {
    double successes = 0;
    for (int epoch : data.epochs()) {
      var moments = data.cell(epoch, variant).moments(plan.metrics().get(0));
      successes += moments.meanY() * moments.n();
    }
    return successes / data.units(variant);
  }

  @Test
  void addAll_equalsReadingTogether() {
    for (int i = 0; i < 400; i++) {
      exposure("u" + i, 1, i % 2 == 0 ? "a" : "b", i);
      outcome("u" + i, "x", i % 17, 1000 + i);
    }
    List<Event> left = events.subList(0, 400);
    List<Event> right = events.subList(400, 800);

    ExperimentData merged = ExperimentData.builder(PLAN)
        .addAll(EventReader.of(EXPERIMENT, PLAN).read(left).data())
        .addAll(EventReader.of(EXPERIMENT, PLAN).read(right).data())
        .build();

    MetricResult together = analyse(read()).results().get(0);
    MetricResult apart = Analysis.run(EXPERIMENT, PLAN, merged).results().get(0);
    assertThat(apart.difference()).isCloseTo(together.difference(), within(1e-12));
    assertThat(apart.pValue().orElseThrow())
        .isCloseTo(together.pValue().orElseThrow(), within(1e-12));
  }

  private EventReader.Result read() {
    return EventReader.of(EXPERIMENT, PLAN).read(events);
  }

  private static AnalysisReport analyse(EventReader.Result result) {
    return Analysis.run(EXPERIMENT, PLAN, result.data());
  }

  private static double mean(EventReader.Result result, String variant) {
    return result.data().cell(1, variant).moments(PLAN.metrics().get(0)).meanY();
  }

  private void exposure(String unit, int epoch, String variant, long at) {
    events.add(new Event.Exposure(
        "id" + ids++, Instant.ofEpochMilli(at), unit, "e", epoch, variant, true));
  }

  private void outcome(String unit, String name, double value, long at) {
    events.add(new Event.Outcome("id" + ids++, Instant.ofEpochMilli(at), unit, name, value));
  }
}
