package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.abtest.error.AbTestException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnalysisTest {
  private static final Experiment EXPERIMENT =
      Experiment.builder("checkout").control("old", 50).variant("new", 50).build();

  @Test
  void run_clearWinner_shipsIt() {
    AnalysisPlan plan = plan(4000).build();
    ExperimentData data = conversions(plan, 2000, 0.10, 2000, 0.16).build();

    AnalysisReport report = Analysis.run(EXPERIMENT, plan, data);

    assertThat(report.verdict()).isInstanceOf(Verdict.ShipWinner.class);
    Verdict.ShipWinner winner = (Verdict.ShipWinner) report.verdict();
    assertThat(winner.variant()).isEqualTo("new");
    assertThat(winner.evidence()).hasSize(1);
    assertThat(report.results().get(0).interval().orElseThrow().low()).isPositive();
    assertThat(report.toText()).contains("Ship 'new': it improves conversion.");
  }

  @Test
  void run_noDifference_keepsTheControl() {
    AnalysisPlan plan = plan(4000).build();
    ExperimentData data = conversions(plan, 2000, 0.10, 2000, 0.10).build();

    assertThat(Analysis.run(EXPERIMENT, plan, data).verdict())
        .isInstanceOf(Verdict.KeepControl.class);
  }

  @Test
  void run_beforeThePlannedUnits_givesEstimatesButNoPValue() {
    AnalysisPlan plan = plan(10_000).build();
    ExperimentData data = conversions(plan, 2000, 0.10, 2000, 0.20).build();

    AnalysisReport report = Analysis.run(EXPERIMENT, plan, data);

    Verdict.NotYet notYet = (Verdict.NotYet) report.verdict();
    assertThat(notYet.needed()).hasValue(6000);
    assertThat(notYet.refusals())
        .extracting(Refusal::reason)
        .containsExactly(Refusal.Reason.PLANNED_UNITS_NOT_REACHED);
    MetricResult result = report.results().get(0);
    assertThat(result.difference()).isCloseTo(0.1, org.assertj.core.api.Assertions.within(1e-12));
    assertThat(result.pValue()).isEmpty();
    assertThat(result.interval()).isEmpty();
    assertThat(result.relativeLift()).isEmpty();
  }

  @Test
  void run_brokenSampleRatio_isInvalidAndGivesNoPValue() {
    AnalysisPlan plan = plan(4000).build();
    ExperimentData data = conversions(plan, 2200, 0.10, 1800, 0.20).build();

    AnalysisReport report = Analysis.run(EXPERIMENT, plan, data);

    refused(report, Refusal.Reason.SAMPLE_RATIO_MISMATCH);
  }

  @Test
  void run_multipleExposures_isInvalid() {
    AnalysisPlan plan = plan(4000).build();
    ExperimentData data =
        conversions(plan, 2000, 0.10, 2000, 0.20).addMultipleExposures(3).build();

    refused(Analysis.run(EXPERIMENT, plan, data), Refusal.Reason.MULTIPLE_EXPOSURES);
  }

  @Test
  void run_zeroOrOneUnitInAnArm_isInvalid() {
    Experiment skewed =
        Experiment.builder("checkout").control("old", 999).variant("new", 1).build();
    AnalysisPlan plan = plan(4).build();
    for (int units = 0; units < 2; units++) {
      ExperimentData data = conversions(plan, 20, 0.5, units, 1).build();

      refused(Analysis.run(skewed, plan, data), Refusal.Reason.TOO_FEW_UNITS);
    }
  }

  @Test
  void run_zeroVariance_isInvalid() {
    AnalysisPlan plan = plan(40).build();
    ExperimentData data = conversions(plan, 20, 0, 20, 0).build();

    refused(Analysis.run(EXPERIMENT, plan, data), Refusal.Reason.ZERO_VARIANCE);
  }

  @Test
  void run_outcomeThatIsNotANumber_isInvalid() {
    AnalysisPlan plan = AnalysisPlan.fixed(40).metric(Metric.mean("revenue")).build();
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      ExperimentData.Builder data = ExperimentData.builder(plan);
      for (int i = 0; i < 20; i++) {
        data.addUnit("old", Map.of("revenue", (double) i));
        data.addUnit("new", Map.of("revenue", i == 7 ? bad : i));
      }

      refused(Analysis.run(EXPERIMENT, plan, data.build()), Refusal.Reason.NOT_A_NUMBER);
    }
  }

  @Test
  void run_openGuardrail_isNotYet() {
    AnalysisPlan plan = plan(4000)
        .metric(Metric.mean("latency").lowerIsBetter().guardrail(0.01))
        .build();
    ExperimentData data = conversions(plan, 2000, 0.10, 2000, 0.20).build();

    Verdict verdict = Analysis.run(EXPERIMENT, plan, data).verdict();

    assertThat(verdict).isInstanceOf(Verdict.NotYet.class);
    assertThat(((Verdict.NotYet) verdict).refusals())
        .extracting(Refusal::reason)
        .containsExactly(Refusal.Reason.OPEN_GUARDRAIL);
  }

  @Test
  void run_controlWithoutASingleError_seesTheBrokenVariant() {
    AnalysisPlan plan = AnalysisPlan.fixed(10_000)
        .metric(Metric.proportion("error").lowerIsBetter())
        .build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    for (int i = 0; i < 5000; i++) {
      data.addUnit("old", Map.of("error", 0.0));
      data.addUnit("new", Map.of("error", i < 250 ? 1.0 : 0.0));
    }

    MetricResult result = Analysis.run(EXPERIMENT, plan, data.build()).results().get(0);

    assertThat(result.status()).isEqualTo(MetricResult.Status.WORSE);
    assertThat(result.pValue().orElseThrow()).isPositive().isLessThan(1e-50);
    assertThat(result.interval().orElseThrow().low()).isBetween(0.04, 0.05);
  }

  @Test
  void run_rampWithChangingBaseRate_seesNoSpuriousEffect() {
    Experiment ramp = Experiment.builder("ramp")
        .control("old", 95)
        .variant("new", 5)
        .build()
        .reweigh(Map.of("old", 50, "new", 50));
    AnalysisPlan plan = plan(60_000).build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    add(data, 1, "old", 28_500, 0.10);
    add(data, 1, "new", 1_500, 0.10);
    add(data, 2, "old", 15_000, 0.05);
    add(data, 2, "new", 15_000, 0.05);

    AnalysisReport report = Analysis.run(ramp, plan, data.build());

    MetricResult result = report.results().get(0);
    assertThat(result.difference()).isCloseTo(0, org.assertj.core.api.Assertions.within(1e-12));
    assertThat(result.pValue().orElseThrow()).isGreaterThan(0.99);
    assertThat(report.verdict()).isInstanceOf(Verdict.KeepControl.class);
  }

  @Test
  void run_unknownVariantOrEpoch_isRefused() {
    AnalysisPlan plan = plan(40).build();

    assertThatThrownBy(() -> Analysis.run(
            EXPERIMENT,
            plan,
            ExperimentData.builder(plan).addUnit("other", Map.of()).build()))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining("the data has [other]");
    assertThatThrownBy(() -> Analysis.run(
            EXPERIMENT,
            plan,
            ExperimentData.builder(plan).addUnit(2, "new", Map.of()).build()))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining("epoch 2");
  }

  @Test
  void reports_areSelfContained() throws Exception {
    AnalysisPlan plan = plan(4000).build();
    AnalysisReport report =
        Analysis.run(EXPERIMENT, plan, conversions(plan, 2000, 0.10, 2000, 0.16).build());

    JsonNode json = new ObjectMapper().readTree(report.toJson());

    assertThat(json.get("formatVersion").asInt()).isEqualTo(1);
    assertThat(json.get("verdict").get("kind").asText()).isEqualTo("SHIP_WINNER");
    assertThat(report.toHtml())
        .startsWith("<!DOCTYPE html>")
        .contains("<svg")
        .doesNotContain("<script", "http://", "https://", "src=");
  }

  private static void refused(AnalysisReport report, Refusal.Reason reason) {
    assertThat(report.verdict()).isInstanceOf(Verdict.Invalid.class);
    assertThat(((Verdict.Invalid) report.verdict()).refusals())
        .extracting(Refusal::reason)
        .containsOnly(reason);
    assertThat(report.results()).allSatisfy(r -> {
      assertThat(r.pValue()).isEmpty();
      assertThat(r.adjustedPValue()).isEmpty();
      assertThat(r.interval()).isEmpty();
      assertThat(r.refusal().map(Refusal::reason)).contains(reason);
    });
    assertThat(report.toJson()).doesNotContain("pValue\" :").contains(reason.name());
  }

  private static AnalysisPlan.Builder plan(long units) {
    return AnalysisPlan.fixed(units).metric(Metric.proportion("conversion"));
  }

  private static ExperimentData.Builder conversions(
      AnalysisPlan plan, int nC, double pC, int nT, double pT) {
    ExperimentData.Builder data = ExperimentData.builder(plan);
    add(data, 1, "old", nC, pC);
    add(data, 1, "new", nT, pT);
    return data;
  }

  private static void add(ExperimentData.Builder data, int epoch, String variant, int n, double p) {
    Random random = new Random(7);
    for (int i = 0; i < n; i++) {
      double conversion = i < Math.round(n * p) ? 1 : 0;
      data.addUnit(
          epoch, variant, Map.of("conversion", conversion, "latency", random.nextGaussian()));
    }
  }
}
