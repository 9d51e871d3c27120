package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.abtest.error.AbTestException;
import dev.mlops.abtest.stats.CupedTest;
import dev.mlops.abtest.stats.PairedMoments;
import dev.mlops.abtest.stats.WelchTest;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** CUPED of proportions and ratios against CUPED of the raw, for ratios linearised, units. */
class CovariateTest {
  private static final Experiment EXPERIMENT =
      Experiment.builder("e").control("old", 50).variant("new", 50).build();
  private static final int UNITS = 600;

  private final double[][] x = new double[2][UNITS];
  private final double[][] converted = new double[2][UNITS];
  private final double[][] clicks = new double[2][UNITS];
  private final double[][] views = new double[2][UNITS];

  private AnalysisReport run(Metric metric, long seed, double lift) {
    AnalysisPlan plan = AnalysisPlan.fixed(2 * UNITS).metric(metric).build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    ExperimentData.Builder other = ExperimentData.builder(plan);
    Random random = new Random(seed);
    for (int arm = 0; arm < 2; arm++) {
      for (int i = 0; i < UNITS; i++) {
        double taste = random.nextGaussian();
        x[arm][i] = taste;
        converted[arm][i] = random.nextDouble() < 1 / (1 + Math.exp(1 - 2 * taste)) ? 1 : 0;
        views[arm][i] = 1 + random.nextInt(9);
        clicks[arm][i] =
            views[arm][i] * (0.5 + 0.1 * taste + lift * arm) + 0.2 * random.nextGaussian();
        (i % 3 == 0 ? other : data)
            .addUnit(
                arm == 0 ? "old" : "new",
                Map.of(
                    "x", x[arm][i],
                    "converted", converted[arm][i],
                    "clicks", clicks[arm][i],
                    "views", views[arm][i]));
      }
    }
    return Analysis.run(EXPERIMENT, plan, data.addAll(other.build()).build());
  }

  private static void same(MetricResult result, CupedTest cuped) {
    WelchTest test = cuped.test();
    assertThat(result.method()).contains("CUPED");
    assertThat(result.difference()).isCloseTo(test.difference(), within(1e-12));
    assertThat(result.pValue().orElseThrow()).isCloseTo(test.pValue(), within(1e-10));
    assertThat(result.interval().orElseThrow().low())
        .isCloseTo(test.interval(0.05).low(), within(1e-12));
    assertThat(result.relativeLift().orElseThrow().high())
        .isCloseTo(cuped.relative().interval(0.05).high(), within(1e-10));
    assertThat(cuped.varianceReduction()).isGreaterThan(0.15);
  }

  @Test
  void proportion_withACovariate_isTheMeanOfZerosAndOnesAdjusted() {
    AnalysisReport report = run(Metric.proportion("converted").covariate("x"), 1, 0);

    same(
        report.results().get(0),
        new CupedTest(PairedMoments.of(converted[0], x[0]), PairedMoments.of(converted[1], x[1])));
  }

  @Test
  void ratio_withACovariate_isTheLinearisedUnitsAdjusted() {
    AnalysisReport report = run(Metric.ratio("rate", "clicks", "views").covariate("x"), 2, 0.01);

    same(
        report.results().get(0),
        new CupedTest(
            PairedMoments.of(linearised(0), x[0]), PairedMoments.of(linearised(1), x[1])));
  }

  private double[] linearised(int arm) {
    double m = java.util.Arrays.stream(clicks[arm]).average().orElseThrow();
    double d = java.util.Arrays.stream(views[arm]).average().orElseThrow();
    double[] units = new double[UNITS];
    for (int i = 0; i < UNITS; i++) {
      units[i] = m / d + (clicks[arm][i] - m / d * views[arm][i]) / d;
    }
    return units;
  }

  @Test
  void covariateWithoutVariance_isLeftOut() {
    AnalysisPlan adjusted = AnalysisPlan.fixed(40)
        .metric(Metric.proportion("converted").covariate("x"))
        .build();
    AnalysisPlan plain =
        AnalysisPlan.fixed(40).metric(Metric.proportion("converted")).build();
    double[] p = new double[2];
    int k = 0;
    for (AnalysisPlan plan : new AnalysisPlan[] {adjusted, plain}) {
      ExperimentData.Builder data = ExperimentData.builder(plan);
      for (int i = 0; i < 40; i++) {
        data.addUnit(
            i % 2 == 0 ? "old" : "new", Map.of("x", 7.0, "converted", i % 3 == 0 ? 1.0 : 0.0));
      }
      MetricResult result =
          Analysis.run(EXPERIMENT, plan, data.build()).results().get(0);
      p[k++] = result.pValue().orElseThrow();
      assertThat(result.method()).isEqualTo("score test, Newcombe interval");
    }
    assertThat(p[0]).isEqualTo(p[1]);
  }

  @Test
  void ratioWithACovariate_isNotDescribedByPairs() {
    AnalysisPlan plan = AnalysisPlan.fixed(40)
        .metric(Metric.ratio("rate", "clicks", "views").covariate("x"))
        .build();
    PairedMoments pairs = new PairedMoments(10, 1, 1, 1, 1, 0);

    assertThatThrownBy(() -> ExperimentData.builder(plan).addSummary(1, "old", "rate", pairs))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining("the plan has no metric 'rate' that moments describe");
  }

  @Test
  void covariateThatIsNotANumber_isRefused() {
    for (Metric metric : new Metric[] {
      Metric.mean("clicks").covariate("x"),
      Metric.proportion("clicks").covariate("x"),
      Metric.ratio("rate", "clicks", "views").covariate("x")
    }) {
      AnalysisPlan plan = AnalysisPlan.fixed(40).metric(metric).build();
      ExperimentData.Builder data = ExperimentData.builder(plan);
      for (int i = 0; i < 40; i++) {
        double covariate = i == 9 ? Double.NaN : i;
        data.addUnit(
            i % 2 == 0 ? "old" : "new",
            Map.of("x", covariate, "clicks", (double) (i % 5), "views", 1.0 + i % 3));
      }

      Verdict verdict = Analysis.run(EXPERIMENT, plan, data.build()).verdict();

      assertThat(((Verdict.Invalid) verdict).refusals())
          .extracting(Refusal::reason)
          .containsExactly(Refusal.Reason.NOT_A_NUMBER);
    }
  }
}
