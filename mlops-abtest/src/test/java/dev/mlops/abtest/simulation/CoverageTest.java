package dev.mlops.abtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.abtest.Analysis;
import dev.mlops.abtest.AnalysisPlan;
import dev.mlops.abtest.Experiment;
import dev.mlops.abtest.ExperimentData;
import dev.mlops.abtest.Metric;
import dev.mlops.abtest.internal.math.Normal;
import dev.mlops.abtest.simulation.Streams.Moments;
import dev.mlops.abtest.stats.ConfidenceSequence;
import dev.mlops.abtest.stats.CupedTest;
import dev.mlops.abtest.stats.Interval;
import dev.mlops.abtest.stats.NormalPosterior;
import dev.mlops.abtest.stats.PairedMoments;
import dev.mlops.abtest.stats.ProportionTest;
import dev.mlops.abtest.stats.QuantileEstimate;
import dev.mlops.abtest.stats.RatioTest;
import dev.mlops.abtest.stats.RelativeLift;
import dev.mlops.abtest.stats.SampleMoments;
import dev.mlops.abtest.stats.WelchTest;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** How often each interval contains the truth. Ten times as many runs with -Dmlops.long=true. */
class CoverageTest {
  private static final double ALPHA = 0.05;
  private static final int RUNS = Boolean.getBoolean("mlops.long") ? 20_000 : 2000;

  @Test
  void welch() {
    exact(
        "Welch",
        0.3,
        random -> WelchTest.of(
                SampleMoments.of(normals(random, 12, 0, 1)),
                SampleMoments.of(normals(random, 25, 0.3, 3)))
            .interval(ALPHA));
  }

  @Test
  void flatPosterior() {
    exact("flat posterior", 0.3, random -> {
      WelchTest test = WelchTest.of(
          SampleMoments.of(normals(random, 300, 0, 1)),
          SampleMoments.of(normals(random, 300, 0.3, 1)));
      return NormalPosterior.flat(test.difference(), test.standardError()).interval(ALPHA);
    });
  }

  @Test
  void cuped() {
    exact(
        "CUPED",
        0.2,
        random -> new CupedTest(correlated(random, 200, 10), correlated(random, 200, 10.2))
            .test()
            .interval(ALPHA));
  }

  @Test
  void cuped_relative() {
    exact(
        "CUPED relative",
        0.02,
        random -> new CupedTest(correlated(random, 400, 10), correlated(random, 400, 10.2))
            .relative()
            .interval(ALPHA));
  }

  @Test
  void cuped_proportion() {
    exact(
        "CUPED, proportion",
        0,
        random -> analysed(random, Metric.proportion("y").covariate("x")));
  }

  @Test
  void cuped_ratio() {
    exact(
        "CUPED, ratio",
        0,
        random -> analysed(random, Metric.ratio("rate", "clicks", "views").covariate("x")));
  }

  /** Two epochs of different weights and base rates, without an effect. */
  @Test
  void strata_ofAProportionAndAMean() {
    exact("stratified proportion", 0, random -> analysed(random, Metric.proportion("y")));
    exact("stratified mean", 0, random -> analysed(random, Metric.mean("clicks")));
  }

  private static Interval analysed(Random random, Metric metric) {
    Experiment experiment = Experiment.builder("e")
        .control("a", 80)
        .variant("b", 20)
        .build()
        .reweigh(Map.of("a", 50, "b", 50));
    AnalysisPlan plan =
        AnalysisPlan.fixed(800).metric(metric).sampleRatioAlpha(1e-12).build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    for (int i = 0; i < 800; i++) {
      int epoch = i < 400 ? 1 : 2;
      boolean treated = epoch == 1 ? i % 5 == 0 : i % 2 == 0;
      double taste = random.nextGaussian() - epoch;
      double views = 1 + random.nextInt(9);
      data.addUnit(
          epoch,
          treated ? "b" : "a",
          Map.of(
              "x",
              taste,
              "y",
              random.nextDouble() < 1 / (1 + Math.exp(-taste)) ? 1.0 : 0.0,
              "views",
              views,
              "clicks",
              views * (3 + taste) + random.nextGaussian()));
    }
    return Analysis.run(experiment, plan, data.build())
        .results()
        .get(0)
        .interval()
        .orElseThrow();
  }

  @Test
  void ratio() {
    exact(
        "ratio, delta method",
        0,
        random -> new RatioTest(ratioUnits(random, 400), ratioUnits(random, 400))
            .test()
            .interval(ALPHA));
  }

  @Test
  void relativeLift_fieller() {
    double z = Normal.upperQuantile(ALPHA / 2);
    exact("Fieller", 0.1, random -> {
      // Six standard errors from 0: nearer, the unbounded sets count as covering and raise the
      // rate.
      double c = 15 + 2.5 * random.nextGaussian();
      double t = 16.5 + 2.5 * random.nextGaussian();
      return new RelativeLift(c, 6.25, t, 6.25)
          .fieller(z)
          .orElse(new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
    });
  }

  @Test
  void relativeLift_delta() {
    double z = Normal.upperQuantile(ALPHA / 2);
    exact("delta", 0.1, random -> {
      double c = 10 + 0.2 * random.nextGaussian();
      double t = 11 + 0.2 * random.nextGaussian();
      return new RelativeLift(c, 0.04, t, 0.04).delta(z);
    });
  }

  @Test
  void proportions_newcombeAndScore() {
    double truth = 0.10;
    Function<Random, ProportionTest> draw = random ->
        new ProportionTest(binomial(random, 200, 0.2), 200, binomial(random, 300, 0.3), 300);
    exact("Newcombe", truth, random -> draw.apply(random).newcombe(ALPHA));
    exact("Miettinen-Nurminen", truth, random -> draw.apply(random).miettinenNurminen(ALPHA));
    exact("Wilson", 0.3, random -> ProportionTest.wilson(binomial(random, 1000, 0.3), 1000, ALPHA));
  }

  /** Near 0 a count is so coarse that no interval is exact; these must not fall short. */
  @Test
  void proportions_rareEvents_areNotShort() {
    Function<Random, ProportionTest> draw = random -> new ProportionTest(
        binomial(random, 1000, 0.002), 1000, binomial(random, 1000, 0.002), 1000);
    atLeast("Newcombe, rare", 0, random -> draw.apply(random).newcombe(ALPHA));
    atLeast("Miettinen-Nurminen, rare", 0, random -> draw.apply(random).miettinenNurminen(ALPHA));
  }

  @Test
  void quantile() {
    // Ranks are rounded outwards, so the interval is slightly wide by construction.
    atLeast(
        "quantile 0.9",
        0,
        random -> QuantileEstimate.difference(
                QuantileEstimate.of(normals(random, 1000, 0, 1), 0.9, ALPHA),
                QuantileEstimate.of(normals(random, 1000, 0, 1), 0.9, ALPHA))
            .interval(ALPHA));
  }

  @Test
  void confidenceSequence_atAllLooksAtOnce() {
    ConfidenceSequence sequence = new ConfidenceSequence(ALPHA, 2000);
    Random random = new Random(17);
    int runs = RUNS / 4;
    int covered = 0;
    for (int run = 0; run < runs; run++) {
      Moments c = new Moments();
      Moments t = new Moments();
      boolean all = true;
      for (int n = 1; n <= 1000; n++) {
        c.add(random.nextGaussian());
        t.add(random.nextGaussian() + 0.2);
        if (n >= 30 && n % 5 == 0) {
          double se = Math.sqrt(c.varianceOfMean() + t.varianceOfMean());
          all &= sequence.interval(t.mean - c.mean, se, 2.0 * n).contains(0.2);
        }
      }
      covered += all ? 1 : 0;
    }
    System.out.printf("coverage of the confidence sequence: %.4f%n", covered / (double) runs);
    assertThat(covered / (double) runs).isGreaterThanOrEqualTo(1 - ALPHA);
  }

  private static void exact(String name, double truth, Function<Random, Interval> draw) {
    double coverage = coverage(name, truth, draw);
    assertThat(coverage).as(name).isBetween(1 - ALPHA - error(), 1 - ALPHA + error());
  }

  private static void atLeast(String name, double truth, Function<Random, Interval> draw) {
    assertThat(coverage(name, truth, draw)).as(name).isGreaterThanOrEqualTo(1 - ALPHA - error());
  }

  private static double coverage(String name, double truth, Function<Random, Interval> draw) {
    Random random = new Random(42);
    int covered = 0;
    for (int run = 0; run < RUNS; run++) {
      covered += draw.apply(random).contains(truth) ? 1 : 0;
    }
    double coverage = (double) covered / RUNS;
    System.out.printf("coverage of %s: %.4f (%d runs)%n", name, coverage, RUNS);
    return coverage;
  }

  private static double error() {
    return 3 * Math.sqrt(ALPHA * (1 - ALPHA) / RUNS);
  }

  private static double[] normals(Random random, int n, double mean, double sd) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = mean + sd * random.nextGaussian();
    }
    return values;
  }

  private static PairedMoments correlated(Random random, int n, double mean) {
    double[] y = new double[n];
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextGaussian();
      y[i] = mean + 0.8 * x[i] + 0.6 * random.nextGaussian();
    }
    return PairedMoments.of(y, x);
  }

  private static PairedMoments ratioUnits(Random random, int n) {
    double[] numerator = new double[n];
    double[] denominator = new double[n];
    for (int i = 0; i < n; i++) {
      denominator[i] = 1 + random.nextInt(9);
      numerator[i] = 0.3 * denominator[i] + random.nextGaussian();
    }
    return PairedMoments.of(numerator, denominator);
  }

  private static long binomial(Random random, int n, double p) {
    long successes = 0;
    for (int i = 0; i < n; i++) {
      successes += random.nextDouble() < p ? 1 : 0;
    }
    return successes;
  }
}
