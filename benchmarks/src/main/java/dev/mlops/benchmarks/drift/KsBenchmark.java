package dev.mlops.benchmarks.drift;

import dev.mlops.drift.KolmogorovSmirnov;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest.TwoResult;
import org.apache.commons.statistics.inference.PValueMethod;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Two samples of normal values, the second shifted by 0.02. Ours is fitted on the reference once,
 * as a monitor does; the peers have no such form and get both samples, or presorted ones where a
 * method says so.
 */
@State(Scope.Benchmark)
public class KsBenchmark {
  /** Reference size, and the live size after a colon. */
  @Param({"1000:1000"})
  public String sizes = "";

  private double[] reference = {};
  private double[] sorted = {};
  private double[] live = {};
  private double[] sortedLive = {};
  private KolmogorovSmirnov.Reference fitted = KolmogorovSmirnov.fit(new double[] {0});

  private final KolmogorovSmirnovTest math = new KolmogorovSmirnovTest();
  private final org.apache.commons.statistics.inference.KolmogorovSmirnovTest statistics =
      org.apache.commons.statistics.inference.KolmogorovSmirnovTest.withDefaults();
  private final org.apache.commons.statistics.inference.KolmogorovSmirnovTest asymptotic =
      statistics.with(PValueMethod.ASYMPTOTIC);

  /** Draws the samples. */
  @Setup
  public void draw() {
    String[] parts = sizes.split(":");
    reference = normal(1, Integer.parseInt(parts[0]), 0);
    live = normal(2, Integer.parseInt(parts[1]), 0.02);
    sorted = reference.clone();
    Arrays.sort(sorted);
    sortedLive = live.clone();
    Arrays.sort(sortedLive);
    fitted = KolmogorovSmirnov.fit(reference);
    double ours = fitted.statistic(live);
    if (Math.abs(ours - statistics.statistic(reference, live)) > 1e-12) {
      throw new IllegalStateException("the contenders disagree: " + ours);
    }
  }

  private static double[] normal(long seed, int n, double mean) {
    Random random = new Random(seed);
    double[] values = new double[n];
    Arrays.setAll(values, i -> random.nextGaussian() + mean);
    return values;
  }

  /**
   * Ours: D.
   *
   * @return D
   */
  @Benchmark
  public double statistic() {
    return fitted.statistic(live);
  }

  /**
   * Ours: D and p.
   *
   * @return the outcome
   */
  @Benchmark
  public KolmogorovSmirnov.Result test() {
    return fitted.test(live);
  }

  /**
   * Commons Math: D.
   *
   * @return D
   */
  @Benchmark
  public double mathStatistic() {
    return math.kolmogorovSmirnovStatistic(reference, live);
  }

  /**
   * Commons Math: p.
   *
   * @return p
   */
  @Benchmark
  public double mathTest() {
    return math.kolmogorovSmirnovTest(reference, live);
  }

  /**
   * Commons Math on presorted samples: D.
   *
   * @return D
   */
  @Benchmark
  public double mathPresorted() {
    return math.kolmogorovSmirnovStatistic(sorted, sortedLive);
  }

  /**
   * Commons Statistics: D.
   *
   * @return D
   */
  @Benchmark
  public double statisticsStatistic() {
    return statistics.statistic(reference, live);
  }

  /**
   * Commons Statistics: D and the asymptotic p.
   *
   * @return the outcome
   */
  @Benchmark
  public TwoResult statisticsTest() {
    return asymptotic.test(reference, live);
  }

  /**
   * Commons Statistics on presorted samples: D.
   *
   * @return D
   */
  @Benchmark
  public double statisticsPresorted() {
    return statistics.statistic(sorted, sortedLive);
  }
}
