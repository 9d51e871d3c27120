package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.abtest.error.AbTestException;
import dev.mlops.abtest.stats.ConfidenceSequence;
import dev.mlops.abtest.stats.CupedTest;
import dev.mlops.abtest.stats.GroupSequentialBounds;
import dev.mlops.abtest.stats.PairedMoments;
import dev.mlops.abtest.stats.QuantileEstimate;
import dev.mlops.abtest.stats.RatioTest;
import dev.mlops.abtest.stats.WelchTest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DesignTest {
  private static final Experiment EXPERIMENT =
      Experiment.builder("checkout").control("old", 50).variant("new", 50).build();

  @Test
  void alwaysValid_undecided_saysHowManyMoreUnits() {
    AnalysisPlan plan = AnalysisPlan.alwaysValid(5000).metric(proportion()).build();

    Verdict verdict = run(plan, conversions(plan, 500, 0.10, 500, 0.12)).verdict();

    Verdict.NotYet notYet = (Verdict.NotYet) verdict;
    assertThat(reasons(notYet.refusals())).containsExactly(Refusal.Reason.UNDECIDED);
    assertThat(notYet.needed().orElseThrow()).isBetween(5_000L, 100_000L);
  }

  @Test
  void alwaysValid_strongEffect_shipsEarlyWithTheSequencesInterval() {
    AnalysisPlan plan = AnalysisPlan.alwaysValid(5000).metric(proportion()).build();

    AnalysisReport report = run(plan, conversions(plan, 2000, 0.10, 2000, 0.18));

    assertThat(report.verdict()).isInstanceOf(Verdict.ShipWinner.class);
    MetricResult r = report.results().get(0);
    assertThat(r.peekSafe()).isTrue();
    double se = Math.sqrt(0.1 * 0.9 / 2000 + 0.18 * 0.82 / 2000);
    double half = new ConfidenceSequence(0.05, 5000).multiplier(4000) * se;
    assertThat(r.interval().orElseThrow().width()).isCloseTo(2 * half, within(1e-12));
  }

  @Test
  void alwaysValid_harm_keepsTheControlAtOnce() {
    AnalysisPlan plan = AnalysisPlan.alwaysValid(5000).metric(proportion()).build();

    assertThat(run(plan, conversions(plan, 2000, 0.18, 2000, 0.10)).verdict().summary())
        .isEqualTo("Keep 'old': every variant worsens a goal or breaks a guardrail.");
  }

  @Test
  void alwaysValid_atItsMaximum_keepsTheControl() {
    AnalysisPlan plan =
        AnalysisPlan.alwaysValid(1000).maximumUnits(1000).metric(proportion()).build();

    assertThat(run(plan, conversions(plan, 500, 0.1, 500, 0.1)).verdict())
        .isInstanceOf(Verdict.KeepControl.class);
    assertThatThrownBy(() -> AnalysisPlan.fixed(10).maximumUnits(5))
        .isInstanceOf(AbTestException.InvalidInput.class);
  }

  @Test
  void alwaysValid_fewUnits_isNotYet() {
    AnalysisPlan plan = AnalysisPlan.alwaysValid(1000).metric(proportion()).build();

    for (int n : new int[] {0, 1, 10, 29}) {
      AnalysisReport report = run(plan, conversions(plan, n, 0.1, n, 0.9));
      assertThat(report.verdict()).isInstanceOf(Verdict.NotYet.class);
      assertThat(report.results().get(0).pValue()).isEmpty();
      assertThat(report.results().get(0).refusal().orElseThrow().reason())
          .isEqualTo(Refusal.Reason.TOO_FEW_UNITS);
    }
  }

  @Test
  void groupSequential_looks_followTheSchedule() {
    AnalysisPlan plan =
        AnalysisPlan.groupSequential(4, 8000).metric(proportion()).build();
    double[] bounds = GroupSequentialBounds.of(0.05, 0.25, 0.5, 0.75, 1).bounds();

    AnalysisReport early = run(plan, conversions(plan, 900, 0.1, 900, 0.1));
    assertThat(((Verdict.NotYet) early.verdict()).needed()).isEqualTo(OptionalLong.of(200));
    assertThat(early.results().get(0).interval()).isEmpty();
    assertThat(early.history().looks()).isEmpty();

    AnalysisReport report = early;
    for (int look = 1; look <= 4; look++) {
      int n = 1000 * look;
      report = Analysis.run(
          EXPERIMENT, plan, conversions(plan, n, 0.10, n, 0.10 + 0.01), report.history());
      assertThat(report.history().looks()).hasSize(look);
      MetricResult r = report.results().get(0);
      double se = Math.sqrt(0.10 * 0.90 / n + 0.11 * 0.89 / n);
      assertThat(r.interval().orElseThrow().width())
          .isCloseTo(2 * bounds[look - 1] * se, within(1e-9));
    }
    assertThat(report.verdict()).isInstanceOf(Verdict.KeepControl.class);

    AnalysisReport again =
        Analysis.run(EXPERIMENT, plan, conversions(plan, 4000, 0.10, 4000, 0.11), report.history());
    assertThat(again.toJson()).isEqualTo(report.toJson());
    AnalysisReport more =
        Analysis.run(EXPERIMENT, plan, conversions(plan, 5000, 0.10, 5000, 0.2), report.history());
    assertThat(more.verdict()).isInstanceOf(Verdict.KeepControl.class);
    assertThat(more.results().get(0).refusal().orElseThrow().reason())
        .isEqualTo(Refusal.Reason.LOOKS_USED_UP);
  }

  @Test
  void groupSequential_pValueAtTheBound_isAlphaOverall() {
    double[] fractions = {0.25, 0.5, 0.8};
    double[] bounds = GroupSequentialBounds.of(0.02, fractions).bounds();

    assertThat(GroupSequentialBounds.repeatedPValue(bounds[2], fractions))
        .isCloseTo(0.02, within(1e-8));
    assertThat(GroupSequentialBounds.repeatedPValue(30, fractions)).isPositive().isLessThan(1e-150);
    assertThat(GroupSequentialBounds.repeatedPValue(0, fractions)).isGreaterThan(0.9);
  }

  @Test
  void bayes_givesAPosteriorAndNoPValue() {
    AnalysisPlan plan =
        AnalysisPlan.bayes(AnalysisPlan.Prior.flat(), 6100).metric(proportion()).build();
    ExperimentData data = conversions(plan, 3000, 1396 / 3000.0, 3100, 1530 / 3100.0);

    AnalysisReport report = run(plan, data);

    MetricResult r = report.results().get(0);
    assertThat(r.pValue()).isEmpty();
    assertThat(r.peekSafe()).isFalse();
    assertThat(r.method()).contains("not peek-protected");
    assertThat(r.chanceToWin().orElseThrow()).isCloseTo(0.9863134910195274, within(1e-9));
    assertThat(r.expectedLoss().orElseThrow()).isCloseTo(6.141486703020106e-05, within(1e-12));
    assertThat(report.verdict()).isInstanceOf(Verdict.ShipWinner.class);
    assertThat(
            run(plan, conversions(plan, 1000, 0.1, 1000, 0.3)).results().get(0).posterior())
        .isEmpty();
    JsonSchema.of("report-v1.schema.json").assertValid(report.toJson());
  }

  @Test
  void bayes_prior_pullsTowardsIt() {
    AnalysisPlan plan = AnalysisPlan.bayes(AnalysisPlan.Prior.normal(0, 0.3), 6100)
        .metric(proportion())
        .build();

    MetricResult r = run(plan, conversions(plan, 3000, 1396 / 3000.0, 3100, 1530 / 3100.0))
        .results()
        .get(0);

    assertThat(r.posterior().orElseThrow().mean()).isCloseTo(0.027980215316251007, within(1e-9));
  }

  @Test
  void kinds_endToEnd_equalTheTests() {
    AnalysisPlan plan = AnalysisPlan.fixed(600)
        .metric(Metric.mean("y").covariate("x"))
        .metric(Metric.ratio("ratio", "y", "d").signal())
        .metric(Metric.quantile("p90", "y", 0.9).signal())
        .metric(Metric.mean("y").winsorised(-1, 1).named("clamped").signal())
        .build();
    Random random = new Random(5);
    double[][] y = new double[2][300];
    double[][] x = new double[2][300];
    double[][] d = new double[2][300];
    ExperimentData.Builder data = ExperimentData.builder(plan);
    for (int arm = 0; arm < 2; arm++) {
      for (int i = 0; i < 300; i++) {
        x[arm][i] = random.nextGaussian();
        y[arm][i] = x[arm][i] + 0.5 * random.nextGaussian() + 0.2 * arm;
        d[arm][i] = 1 + random.nextInt(5);
        data.addUnit(
            arm == 0 ? "old" : "new", Map.of("y", y[arm][i], "x", x[arm][i], "d", d[arm][i]));
      }
    }
    List<MetricResult> results = run(plan, data.build()).results();

    CupedTest cuped = new CupedTest(PairedMoments.of(y[0], x[0]), PairedMoments.of(y[1], x[1]));
    same(results.get(0), cuped.test());
    RatioTest ratio = new RatioTest(PairedMoments.of(y[0], d[0]), PairedMoments.of(y[1], d[1]));
    same(results.get(1), ratio.test());
    same(
        results.get(2),
        QuantileEstimate.difference(
            QuantileEstimate.of(y[0], 0.9, 0.05), QuantileEstimate.of(y[1], 0.9, 0.05)));
    double[] clamped =
        Arrays.stream(y[0]).map(v -> Math.max(-1, Math.min(1, v))).toArray();
    assertThat(results.get(3).control())
        .isCloseTo(Arrays.stream(clamped).average().orElseThrow(), within(1e-12));
  }

  @Test
  void summaries_equalUnits() {
    AnalysisPlan plan = AnalysisPlan.fixed(200).metric(Metric.mean("y")).build();
    Random random = new Random(5);
    ExperimentData.Builder units = ExperimentData.builder(plan);
    ExperimentData.Builder summaries = ExperimentData.builder(plan);
    for (String variant : List.of("old", "new")) {
      double[] y = random.doubles(100).toArray();
      for (double v : y) {
        units.addUnit(variant, Map.of("y", v));
      }
      summaries.addSummary(1, variant, "y", PairedMoments.of(y, new double[100]));
    }

    MetricResult one = run(plan, units.build()).results().get(0);
    MetricResult other = run(plan, summaries.build()).results().get(0);
    assertThat(other.pValue().orElseThrow()).isCloseTo(one.pValue().orElseThrow(), within(1e-10));
  }

  @Test
  void severalGoalsAndVariants_areCorrectedTogether() {
    Experiment three = Experiment.builder("e")
        .control("old", 1)
        .variant("b", 1)
        .variant("c", 1)
        .build();
    AnalysisPlan plan = AnalysisPlan.fixed(6000)
        .metric(proportion())
        .metric(Metric.proportion("other"))
        .build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    add(data, "old", 2000, 0.100);
    add(data, "b", 2000, 0.120);
    add(data, "c", 2000, 0.125);

    AnalysisReport report = Analysis.run(three, plan, data.build());

    // Four goals: p = 0.043 and 0.012 raw are not below 0.05 once multiplied by 3 and 4.
    assertThat(report.results())
        .allSatisfy(r -> assertThat(r.adjustedPValue().orElse(1))
            .isGreaterThanOrEqualTo(r.pValue().orElse(0)));
  }

  @Test
  void quantile_ofTooFewUnits_isRefused() {
    AnalysisPlan plan =
        AnalysisPlan.fixed(20).metric(Metric.quantile("p99", "y", 0.99)).build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    for (int i = 0; i < 10; i++) {
      data.addUnit("old", Map.of("y", (double) i)).addUnit("new", Map.of("y", (double) i));
    }

    Verdict verdict = run(plan, data.build()).verdict();

    assertThat(reasons(((Verdict.Invalid) verdict).refusals()))
        .containsExactly(Refusal.Reason.TOO_FEW_UNITS);
  }

  @Test
  void ratio_withoutDenominator_isRefused() {
    AnalysisPlan plan =
        AnalysisPlan.fixed(20).metric(Metric.ratio("r", "y", "d")).build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    for (int i = 0; i < 10; i++) {
      data.addUnit("old", Map.of("y", 1.0 * i)).addUnit("new", Map.of("y", 2.0 * i));
    }

    Verdict verdict = run(plan, data.build()).verdict();

    assertThat(reasons(((Verdict.Invalid) verdict).refusals()))
        .containsExactly(Refusal.Reason.ZERO_DENOMINATOR);
  }

  @Test
  void guardrail_withoutASingleFailure_holdsOnceThereIsEnoughData() {
    for (boolean open : new boolean[] {true, false}) {
      AnalysisPlan.Builder builder =
          open ? AnalysisPlan.alwaysValid(4000) : AnalysisPlan.fixed(4000);
      AnalysisPlan plan = builder
          .metric(proportion())
          .metric(Metric.proportion("error").lowerIsBetter().guardrail(0.01))
          .build();

      AnalysisReport report = run(plan, conversions(plan, 2000, 0.10, 2000, 0.20));
      assertThat(report.verdict()).isInstanceOf(Verdict.ShipWinner.class);
      assertThat(report.results().get(1).pValue()).isEmpty();
      assertThat(report.results().get(1).interval().orElseThrow().width()).isPositive();
    }
  }

  @Test
  void reports_matchTheSchemaAndTheStatsHaveTheirShape() throws Exception {
    AnalysisPlan plan = AnalysisPlan.fixed(4000).metric(proportion()).build();
    JsonSchema schema = JsonSchema.of("report-v1.schema.json");
    for (double p : new double[] {0.10, 0.16, 0.0}) {
      schema.assertValid(run(plan, conversions(plan, 2000, 0.10 * p, 2000, p)).toJson());
    }
    schema.assertValid(run(plan, conversions(plan, 0, 0, 0, 0)).toJson());
    schema.assertValid(run(plan, conversions(plan, 3000, 0.1, 2000, 0.1)).toJson());
    assertThat(schema.errors("{\"formatVersion\":2}")).isNotEmpty();

    AbTestStats stats = run(plan, conversions(plan, 2000, 0.10, 2000, 0.16)).stats();
    assertThat(stats.winner()).contains("new");
    assertThat(stats.variants()).hasSize(2);
    assertThat(stats.variants().get(0).trafficShare()).isEqualTo(0.5);
    assertThat(stats.variants().get(1).pValue().orElseThrow()).isLessThan(0.001);
    assertThat(new ObjectMapper().readTree(stats.toJson()).get("winner").asText())
        .isEqualTo("new");
  }

  private static void same(MetricResult result, WelchTest test) {
    assertThat(result.difference()).isCloseTo(test.difference(), within(1e-12));
    assertThat(result.pValue().orElseThrow()).isCloseTo(test.pValue(), within(1e-10));
    assertThat(result.interval().orElseThrow().low())
        .isCloseTo(test.interval(0.05).low(), within(1e-10));
  }

  private static List<Refusal.Reason> reasons(List<Refusal> refusals) {
    return refusals.stream().map(Refusal::reason).toList();
  }

  private static Metric proportion() {
    return Metric.proportion("conversion");
  }

  private static AnalysisReport run(AnalysisPlan plan, ExperimentData data) {
    return Analysis.run(EXPERIMENT, plan, data);
  }

  private static ExperimentData conversions(
      AnalysisPlan plan, int nC, double pC, int nT, double pT) {
    ExperimentData.Builder data = ExperimentData.builder(plan);
    add(data, "old", nC, pC);
    add(data, "new", nT, pT);
    return data.build();
  }

  private static void add(ExperimentData.Builder data, String variant, int n, double p) {
    for (int i = 0; i < n; i++) {
      double conversion = i < Math.round(n * p) ? 1 : 0;
      data.addUnit(variant, Map.of("conversion", conversion, "other", conversion));
    }
  }
}
