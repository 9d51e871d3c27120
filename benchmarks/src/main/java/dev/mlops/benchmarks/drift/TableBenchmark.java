package dev.mlops.benchmarks.drift;

import dev.mlops.drift.Baseline;
import dev.mlops.drift.Columns;
import dev.mlops.drift.Profile;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** 100 features of a million rows: profiling them against merely reading the 800 MB once. */
@State(Scope.Benchmark)
public class TableBenchmark {
  private static final int FEATURES = 100;
  private static final int ROWS = 1_000_000;

  private final double[][] table = new double[FEATURES][];
  private final String[] names = new String[FEATURES];
  private Baseline baseline = Baseline.fit(Columns.builder().numeric("x", 0).build());

  /** Draws the table. */
  @Setup
  public void draw() {
    Columns.Builder builder = Columns.builder();
    for (int f = 0; f < FEATURES; f++) {
      SplittableRandom random = new SplittableRandom(f);
      double[] column = new double[ROWS];
      Arrays.setAll(column, i -> random.nextDouble() + random.nextDouble() - random.nextDouble());
      table[f] = column;
      names[f] = "f" + f;
      builder.numeric(names[f], Arrays.copyOf(column, 20_000));
    }
    baseline = Baseline.fit(builder.build(), Baseline.Options.defaults().withoutReference());
  }

  /**
   * Ours: a profile of the table.
   *
   * @return the profile
   */
  @Benchmark
  public Profile profile() {
    Profile profile = baseline.newProfile();
    for (int f = 0; f < FEATURES; f++) {
      profile.recordColumn(names[f], table[f]);
    }
    return profile;
  }

  /**
   * One pass over the memory.
   *
   * @return a sum
   */
  @Benchmark
  public double pass() {
    double sum = 0;
    for (double[] column : table) {
      double a = 0;
      double b = 0;
      double c = 0;
      double d = 0;
      for (int i = 0; i < column.length; i += 4) {
        a += column[i];
        b += column[i + 1];
        c += column[i + 2];
        d += column[i + 3];
      }
      sum += a + b + c + d;
    }
    return sum;
  }
}
