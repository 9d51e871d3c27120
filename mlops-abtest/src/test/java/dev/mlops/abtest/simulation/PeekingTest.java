package dev.mlops.abtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.abtest.internal.math.StudentT;
import dev.mlops.abtest.simulation.Streams.Data;
import dev.mlops.abtest.simulation.Streams.Moments;
import dev.mlops.abtest.stats.ConfidenceSequence;
import dev.mlops.abtest.stats.FailureAllocationTest;
import dev.mlops.abtest.stats.GroupSequentialBounds;
import dev.mlops.abtest.stats.MixtureSprt;
import dev.mlops.abtest.stats.RelativeRiskTest;
import dev.mlops.abtest.stats.SequentialSampleRatioTest;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * False positives when every look may stop the test and nothing differs. Short in the build; ten
 * times as many runs with -Dmlops.long=true.
 */
class PeekingTest {
  private static final double ALPHA = 0.05;
  private static final int RUNS = Boolean.getBoolean("mlops.long") ? 4000 : 400;
  private static final long SEED = 20261121;

  /** The looks of the research: units per arm between looks, and how many looks. */
  @ParameterizedTest
  @CsvSource({
    "NORMAL,100,50",
    "NORMAL,10,300",
    "BERNOULLI_5,50,100",
    "BERNOULLI_1,50,100",
    "LOGNORMAL_2,50,100",
    "EXPONENTIAL,10,200"
  })
  void alwaysValid_peeking_keepsTheLevel(Data data, int step, int looks) {
    Random random = new Random(SEED);
    ConfidenceSequence sequence = new ConfidenceSequence(ALPHA, 5000);
    int falsePositives = 0;
    int peekedT = 0;
    int fixedT = 0;
    for (int run = 0; run < RUNS; run++) {
      Moments control = new Moments();
      Moments treatment = new Moments();
      boolean crossed = false;
      boolean peeked = false;
      boolean last = false;
      for (int look = 1; look <= looks; look++) {
        for (int i = 0; i < step; i++) {
          control.add(data.draw(random));
          treatment.add(data.draw(random));
        }
        double vc = variance(data, control);
        double vt = variance(data, treatment);
        double se = Math.sqrt(vc + vt);
        double d = treatment.mean - control.mean;
        if (control.n >= 30) {
          crossed |= Math.abs(d) > sequence.multiplier(2.0 * control.n) * se;
        }
        double df = (vc + vt) * (vc + vt) / ((vc * vc + vt * vt) / (control.n - 1));
        last = se > 0 && StudentT.twoSided(d / se, df) < ALPHA;
        peeked |= last;
      }
      falsePositives += crossed ? 1 : 0;
      peekedT += peeked ? 1 : 0;
      fixedT += last ? 1 : 0;
    }
    System.out.printf(
        "peeking %s x %d looks: always valid %.3f, repeated t %.3f, one t %.3f (%d runs)%n",
        data, looks, rate(falsePositives), rate(peekedT), rate(fixedT), RUNS);
    assertThat(rate(falsePositives)).as("seed %s", SEED).isLessThanOrEqualTo(ALPHA);
    assertThat(rate(peekedT)).as("the problem is real").isGreaterThan(0.15);
  }

  @ParameterizedTest
  @CsvSource({"NORMAL,400", "BERNOULLI_5,2000", "EXPONENTIAL,1000"})
  void groupSequential_fiveLooks_keepsTheLevel(Data data, int step) {
    Random random = new Random(SEED);
    double[] bounds = GroupSequentialBounds.of(ALPHA, 0.2, 0.4, 0.6, 0.8, 1).bounds();
    int falsePositives = 0;
    for (int run = 0; run < RUNS; run++) {
      Moments control = new Moments();
      Moments treatment = new Moments();
      boolean crossed = false;
      for (double bound : bounds) {
        for (int i = 0; i < step; i++) {
          control.add(data.draw(random));
          treatment.add(data.draw(random));
        }
        double se = Math.sqrt(variance(data, control) + variance(data, treatment));
        crossed |= Math.abs(treatment.mean - control.mean) > bound * se;
      }
      falsePositives += crossed ? 1 : 0;
    }
    System.out.printf(
        "group sequential %s: false positives %.3f (%d runs)%n", data, rate(falsePositives), RUNS);
    // The method spends alpha exactly, so the simulated rate scatters around it.
    assertThat(rate(falsePositives)).isLessThanOrEqualTo(ALPHA + threeErrors(ALPHA));
  }

  @Test
  void power_ofEveryMethod_besideTheFixedTest() {
    Random random = new Random(SEED);
    double effect = 0.1;
    int perArm = 1571;
    int looks = 5;
    double[] bounds = GroupSequentialBounds.of(ALPHA, 0.2, 0.4, 0.6, 0.8, 1).bounds();
    ConfidenceSequence sequence = new ConfidenceSequence(ALPHA, 2.0 * perArm);
    int fixed = 0;
    int group = 0;
    int always = 0;
    for (int run = 0; run < RUNS; run++) {
      Moments control = new Moments();
      Moments treatment = new Moments();
      boolean crossedGroup = false;
      boolean crossedAlways = false;
      double z = 0;
      for (int look = 0; look < looks; look++) {
        int target = perArm * (look + 1) / looks;
        while (control.n < target) {
          control.add(random.nextGaussian());
          treatment.add(random.nextGaussian() + effect);
        }
        double se = Math.sqrt(control.varianceOfMean() + treatment.varianceOfMean());
        z = Math.abs(treatment.mean - control.mean) / se;
        crossedGroup |= z > bounds[look];
        crossedAlways |= z > sequence.multiplier(2.0 * control.n);
      }
      fixed += z > 1.96 ? 1 : 0;
      group += crossedGroup ? 1 : 0;
      always += crossedAlways ? 1 : 0;
    }
    System.out.printf(
        "power at the fixed test's 80 %% size: fixed %.3f, group sequential %.3f, always valid"
            + " %.3f (%d runs)%n",
        rate(fixed), rate(group), rate(always), RUNS);
    assertThat(rate(fixed)).isBetween(0.8 - threeErrors(0.8), 0.8 + threeErrors(0.8));
    assertThat(rate(group)).isBetween(0.70, 0.80);
    assertThat(rate(always)).isBetween(0.30, 0.60);
  }

  @Test
  void mixtureSprt_peeking_keepsTheLevel() {
    Random random = new Random(SEED);
    MixtureSprt sprt = new MixtureSprt(1, 0.1);
    int falsePositives = 0;
    for (int run = 0; run < RUNS; run++) {
      double sum = 0;
      boolean crossed = false;
      for (int n = 1; n <= 2000; n++) {
        sum += Math.sqrt(2) * random.nextGaussian();
        crossed |= n % 10 == 0 && sprt.pValue(sum / n, n) <= ALPHA;
      }
      falsePositives += crossed ? 1 : 0;
    }
    assertThat(rate(falsePositives)).isLessThanOrEqualTo(ALPHA);
  }

  @Test
  void sequentialSampleRatio_afterEveryHundredUnits_keepsTheLevel() {
    Random random = new Random(SEED);
    int alarms = 0;
    int detected = 0;
    double[] weights = {0.5, 0.5};
    for (int run = 0; run < RUNS; run++) {
      alarms += alarm(random, weights, 0.5) ? 1 : 0;
      detected += alarm(random, weights, 0.45) ? 1 : 0;
    }
    System.out.printf(
        "sequential sample ratio: false alarms %.4f, 45/55 found %.3f (%d runs)%n",
        rate(alarms), rate(detected), RUNS);
    assertThat(rate(alarms)).isLessThanOrEqualTo(0.01);
    assertThat(rate(detected)).isGreaterThan(0.95);
  }

  private static boolean alarm(Random random, double[] weights, double share) {
    long[] units = new long[2];
    for (int i = 1; i <= 10_000; i++) {
      units[random.nextDouble() < share ? 0 : 1]++;
      if (i % 100 == 0 && SequentialSampleRatioTest.of(units, weights).pValue() < 0.01) {
        return true;
      }
    }
    return false;
  }

  @Test
  void eProcesses_afterEveryFailure_keepTheLevel() {
    Random random = new Random(SEED);
    int allocation = 0;
    int relativeRisk = 0;
    int found = 0;
    for (int run = 0; run < RUNS; run++) {
      boolean crossedAllocation = false;
      long variant = 0;
      RelativeRiskTest risk = RelativeRiskTest.start(0);
      boolean crossedRisk = false;
      RelativeRiskTest worse = RelativeRiskTest.start(0);
      boolean crossedWorse = false;
      for (int failure = 1; failure <= 200; failure++) {
        double share = failure <= 100 ? 0.1 : 0.5;
        boolean hit = random.nextDouble() < share;
        variant += hit && failure <= 100 ? 1 : 0;
        if (failure <= 100) {
          crossedAllocation |=
              new FailureAllocationTest(variant, failure, 0.1, 0, 1, 1).pValue() <= ALPHA;
        }
        risk = risk.plus(share, hit ? 1 : 0, 1);
        crossedRisk |= risk.pValue() <= ALPHA;
        double tripled = 3 * share / (1 - share + 3 * share);
        worse = worse.plus(share, random.nextDouble() < tripled ? 1 : 0, 1);
        crossedWorse |= worse.pValue() <= ALPHA;
      }
      allocation += crossedAllocation ? 1 : 0;
      relativeRisk += crossedRisk ? 1 : 0;
      found += crossedWorse ? 1 : 0;
    }
    System.out.printf(
        "e-processes: false alarms %.3f and %.3f, tripled risk found %.3f (%d runs)%n",
        rate(allocation), rate(relativeRisk), rate(found), RUNS);
    assertThat(rate(allocation)).isLessThanOrEqualTo(ALPHA);
    assertThat(rate(relativeRisk)).isLessThanOrEqualTo(ALPHA);
    assertThat(rate(found)).isGreaterThan(0.95);
  }

  /** As the analysis does: p(1-p)/n for proportions, with one success added at the edges. */
  private static double variance(Data data, Moments m) {
    if (!data.bernoulli()) {
      return m.varianceOfMean();
    }
    boolean edge = m.mean <= 0 || m.mean >= 1;
    double p = edge ? (m.mean * m.n + 1) / (m.n + 2.0) : m.mean;
    return p * (1 - p) / m.n;
  }

  private static double rate(int count) {
    return (double) count / RUNS;
  }

  private static double threeErrors(double p) {
    return 3 * Math.sqrt(p * (1 - p) / RUNS);
  }
}
