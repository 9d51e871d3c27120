package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.abtest.error.AbTestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every refusal under every design: a typed reason, and no p-value in the object, the text, the
 * JSON, the page or the stats. Each case is a strong effect that would otherwise be significant.
 */
class RefusalTest {
  private static final Experiment EXPERIMENT =
      Experiment.builder("checkout").control("old", 50).variant("new", 50).build();
  private static final Metric GOAL = Metric.mean("revenue");
  private static final Metric GUARDRAIL = Metric.mean("latency").lowerIsBetter().guardrail(0.01);

  private enum Design {
    FIXED,
    ALWAYS_VALID,
    GROUP_SEQUENTIAL,
    BAYES;

    AnalysisPlan.Builder units(long n) {
      return switch (this) {
        case FIXED -> AnalysisPlan.fixed(n);
        case ALWAYS_VALID -> AnalysisPlan.alwaysValid(n);
        case GROUP_SEQUENTIAL -> AnalysisPlan.groupSequential(2, n);
        case BAYES -> AnalysisPlan.bayes(AnalysisPlan.Prior.flat(), n);
      };
    }
  }

  static Stream<Arguments> cases() {
    List<Arguments> all = new ArrayList<>();
    for (Design design : Design.values()) {
      for (Refusal.Reason reason : Refusal.Reason.values()) {
        switch (reason) {
          case UNDECIDED -> {}
          // An always-valid plan has no planned units and no counted looks.
          case PLANNED_UNITS_NOT_REACHED -> {
            if (design != Design.ALWAYS_VALID) {
              all.add(Arguments.of(design, reason));
            }
          }
          case LOOKS_USED_UP -> {
            if (design == Design.GROUP_SEQUENTIAL) {
              all.add(Arguments.of(design, reason));
            }
          }
          default -> all.add(Arguments.of(design, reason));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusal_isTypedAndShowsNoPValueAnywhere(Design design, Refusal.Reason reason)
      throws Exception {
    AnalysisReport report = report(design, reason);

    if (report.verdict() instanceof Verdict.Invalid invalid) {
      assertThat(invalid.refusals()).extracting(Refusal::reason).containsOnly(reason);
    } else if (report.verdict() instanceof Verdict.NotYet notYet) {
      assertThat(notYet.refusals()).extracting(Refusal::reason).containsOnly(reason);
    } else {
      assertThat(reason).isEqualTo(Refusal.Reason.LOOKS_USED_UP);
      assertThat(report.verdict()).isInstanceOf(Verdict.KeepControl.class);
    }
    silent(report, reason);
  }

  private static void silent(AnalysisReport report, Refusal.Reason reason) throws Exception {
    for (MetricResult r : report.results()) {
      assertThat(r.pValue()).as(r.metric().name()).isEmpty();
      assertThat(r.adjustedPValue()).as(r.metric().name()).isEmpty();
      assertThat(r.refusal().map(Refusal::reason)).as(r.metric().name()).contains(reason);
      if (!(r.metric().role() instanceof Metric.Role.Guardrail)) {
        assertThat(r.interval()).as(r.metric().name()).isEmpty();
        assertThat(r.relativeLift()).as(r.metric().name()).isEmpty();
        assertThat(r.posterior()).as(r.metric().name()).isEmpty();
        assertThat(r.chanceToWin()).as(r.metric().name()).isEmpty();
        assertThat(r.status()).isEqualTo(MetricResult.Status.NOT_TESTED);
      }
    }
    JsonSchema.of("report-v1.schema.json").assertValid(report.toJson());
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.get("results")).isNotEmpty().allSatisfy(r -> {
      assertThat(r.has("pValue")).isFalse();
      assertThat(r.has("adjustedPValue")).isFalse();
      assertThat(r.get("refusal").get("reason").asText()).isEqualTo(reason.name());
    });
    assertThat(json.get("verdict").get("summary").asText()).isNotEmpty();
    for (String line : report.toText().split("\n", -1)) {
      if (line.startsWith("  revenue") || line.startsWith("  latency")) {
        // metric, variant, control, variant, difference, interval, p, status
        assertThat(line.strip().split("\\s{2,}")).as(line).hasSize(8);
        assertThat(line.strip().split("\\s{2,}")[6]).as(line).isEqualTo("–");
      }
    }
    assertThat(report.toText()).contains(reason + ": ");
    String rows = report.toHtml().substring(0, report.toHtml().indexOf("<p class=\"note\">"));
    for (String row : rows.split("<tr>", -1)) {
      if (row.contains(">revenue<") || row.contains(">latency<")) {
        assertThat(row.split("</td>", -1)[8]).as(row).isEqualTo("<td>–");
        assertThat(row)
            .contains(reason.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
      }
    }
    AbTestStats stats = report.stats();
    assertThat(stats.winner()).isEmpty();
    assertThat(stats.variants()).allSatisfy(v -> {
      assertThat(v.pValue()).isEmpty();
      assertThat(v.interval()).isEmpty();
    });
    assertThat(stats.toJson()).doesNotContain("pValue");
  }

  private static AnalysisReport report(Design design, Refusal.Reason reason) {
    AnalysisPlan plan = design.units(800).metric(GOAL).build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    switch (reason) {
      case SAMPLE_RATIO_MISMATCH -> add(data, 500, 300);
      case MULTIPLE_EXPOSURES -> add(data, 400, 400).addMultipleExposures(1);
      case TOO_FEW_UNITS -> {
        plan = design.units(8).metric(GOAL).build();
        data = add(ExperimentData.builder(plan), 7, 1);
      }
      case ZERO_VARIANCE -> {
        for (int i = 0; i < 400; i++) {
          data.addUnit("old", Map.of("revenue", 1.0)).addUnit("new", Map.of("revenue", 1.0));
        }
      }
      case ZERO_DENOMINATOR -> {
        plan = design
            .units(800)
            .metric(Metric.ratio("revenue", "revenue", "nothing"))
            .build();
        data = add(ExperimentData.builder(plan), 400, 400);
      }
      case NOT_A_NUMBER ->
        add(data, 400, 399).addUnit("new", Map.of("revenue", Double.NaN, "latency", 1.0));
      case PLANNED_UNITS_NOT_REACHED -> add(data, 150, 150);
      case OPEN_GUARDRAIL -> {
        plan = design.units(800).metric(GOAL).metric(GUARDRAIL).build();
        data = add(ExperimentData.builder(plan), 400, 400);
      }
      case LOOKS_USED_UP -> {
        add(data, 200, 200);
        AnalysisReport first = Analysis.run(EXPERIMENT, plan, data.build());
        add(data, 200, 200);
        AnalysisReport second = Analysis.run(EXPERIMENT, plan, data.build(), first.history());
        add(data, 200, 200);
        return Analysis.run(EXPERIMENT, plan, data.build(), second.history());
      }
      case UNDECIDED -> throw new AssertionError("not a refusal to show a p-value");
    }
    return Analysis.run(EXPERIMENT, plan, data.build());
  }

  private static ExperimentData.Builder add(ExperimentData.Builder data, int control, int variant) {
    Random random = new Random(3);
    for (int i = 0; i < control + variant; i++) {
      double lift = i < control ? 0 : 1;
      data.addUnit(
          i < control ? "old" : "new",
          Map.of("revenue", lift + random.nextGaussian(), "latency", random.nextGaussian()));
    }
    return data;
  }

  /** Control: without the obstacle the same effect does ship, so the cases above test something. */
  @Test
  void withoutAnObstacle_theSameEffectShips() {
    for (Design design : Design.values()) {
      AnalysisPlan plan = design.units(800).metric(GOAL).build();
      AnalysisReport report = Analysis.run(
          EXPERIMENT, plan, add(ExperimentData.builder(plan), 400, 400).build());

      assertThat(report.verdict()).as("%s", design).isInstanceOf(Verdict.ShipWinner.class);
      assertThat(report.results().get(0).pValue().isPresent()).isEqualTo(design != Design.BAYES);
    }
  }

  @Test
  void openGuardrail_showsWhereTheGuardrailStands() {
    AnalysisReport report = report(Design.FIXED, Refusal.Reason.OPEN_GUARDRAIL);

    MetricResult guardrail = report.results().get(1);
    assertThat(guardrail.status()).isEqualTo(MetricResult.Status.OPEN);
    assertThat(guardrail.interval()).isPresent();
    assertThat(report.results().get(0).difference()).isGreaterThan(0.8);
    assertThat(report.history().looks().get(0).points().get(0).interval()).isEmpty();
  }

  @Test
  void undecidedWithAnOpenGuardrail_namesBothAndShowsNoPValue() {
    AnalysisPlan plan = AnalysisPlan.alwaysValid(800)
        .metric(Metric.mean("latency").named("goal"))
        .metric(GUARDRAIL)
        .build();

    AnalysisReport report = Analysis.run(
        EXPERIMENT, plan, add(ExperimentData.builder(plan), 400, 400).build());

    assertThat(((Verdict.NotYet) report.verdict()).refusals())
        .extracting(Refusal::reason)
        .containsExactly(Refusal.Reason.UNDECIDED, Refusal.Reason.OPEN_GUARDRAIL);
    assertThat(report.results()).allSatisfy(r -> assertThat(r.pValue()).isEmpty());
  }

  @Test
  void oneBrokenMetric_silencesTheOthers() {
    AnalysisPlan plan =
        AnalysisPlan.fixed(800).metric(GOAL).metric(Metric.mean("other")).build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    Random random = new Random(1);
    for (int i = 0; i < 800; i++) {
      Map<String, Double> outcomes = new HashMap<>();
      outcomes.put("revenue", i % 2 + random.nextGaussian());
      outcomes.put("other", i == 5 ? Double.POSITIVE_INFINITY : random.nextGaussian());
      data.addUnit(i % 2 == 0 ? "old" : "new", outcomes);
    }

    AnalysisReport report = Analysis.run(EXPERIMENT, plan, data.build());

    assertThat(report.verdict()).isInstanceOf(Verdict.Invalid.class);
    assertThat(report.results()).allSatisfy(r -> {
      assertThat(r.pValue()).isEmpty();
      assertThat(r.refusal().orElseThrow().reason()).isEqualTo(Refusal.Reason.NOT_A_NUMBER);
    });
  }

  /** What is withheld from one variant still counts in the correction of the others. */
  @Test
  void openGuardrailOfOneVariant_leavesTheOthersCorrectionAsStrict() {
    Experiment three = Experiment.builder("e")
        .control("old", 1)
        .variant("b", 1)
        .variant("c", 1)
        .build();
    AnalysisPlan plan = AnalysisPlan.fixed(1200)
        .metric(GOAL)
        .metric(Metric.mean("latency").lowerIsBetter().guardrail(0.5))
        .build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    Random random = new Random(9);
    for (int i = 0; i < 1200; i++) {
      String variant = List.of("old", "b", "c").get(i % 3);
      double spread = variant.equals("c") ? 20 : 1;
      data.addUnit(
          variant,
          Map.of(
              "revenue",
              (variant.equals("b") ? 0.5 : 0) + random.nextGaussian(),
              "latency",
              spread * random.nextGaussian()));
    }

    AnalysisReport report = Analysis.run(three, plan, data.build());

    assertThat(((Verdict.ShipWinner) report.verdict()).variant()).isEqualTo("b");
    MetricResult shipped = report.results().get(0);
    MetricResult waiting = report.results().get(2);
    assertThat(waiting.pValue()).isEmpty();
    assertThat(waiting.refusal().orElseThrow().reason()).isEqualTo(Refusal.Reason.OPEN_GUARDRAIL);
    assertThat(shipped.adjustedPValue().orElseThrow())
        .isEqualTo(2 * shipped.pValue().orElseThrow());
  }

  @Test
  void covariateOfAQuantile_orBoundsOfARatio_areRefused() {
    assertThatThrownBy(() -> Metric.quantile("p95", "latency", 0.95).covariate("before"))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining("metric 'p95': a covariate is for means, proportions and ratios");
    assertThatThrownBy(() -> Metric.ratio("r", "a", "b").winsorised(0, 1))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining("bounds are for means");
  }
}
