package dev.mlops.benchmarks.drift;

import dev.mlops.drift.Baseline;
import dev.mlops.drift.Columns;
import dev.mlops.drift.Profile;
import java.util.Arrays;
import java.util.Random;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Counting into the cells of a baseline against KLL sketches with k = 200. */
@State(Scope.Benchmark)
public class ProfileBenchmark {
  private static final int VALUES = 1_000_000;
  private static final int FEATURES = 100;
  private static final int PARTS = 100;
  private static final int ROWS = 1024;
  private static final int K = 200;

  private final double[] column = normal(2, VALUES);
  private final double[][] rows = new double[ROWS][];
  private final Baseline one = Baseline.fit(
      Columns.builder().numeric("x", normal(1, 100_000)).build(),
      Baseline.Options.defaults().withoutReference());
  private final Baseline wide = wide();
  private final Profile[] parts = new Profile[PARTS];
  private final KllDoublesSketch[] sketches = new KllDoublesSketch[PARTS];
  private final Profile profile = one.newProfile();
  private final Profile wideProfile = wide.newProfile();
  private final KllDoublesSketch[] wideSketches = new KllDoublesSketch[FEATURES];
  private int next;

  private static double[] normal(long seed, int n) {
    Random random = new Random(seed);
    double[] values = new double[n];
    Arrays.setAll(values, i -> random.nextGaussian());
    return values;
  }

  private static Baseline wide() {
    Columns.Builder builder = Columns.builder();
    for (int f = 0; f < FEATURES; f++) {
      builder.numeric("f" + f, normal(f, 10_000));
    }
    return Baseline.fit(builder.build(), Baseline.Options.defaults().withoutReference());
  }

  /** Draws rows and fills the partial profiles and sketches with 10,000 values each. */
  @Setup(Level.Trial)
  public void fill() {
    Arrays.setAll(rows, i -> normal(1000 + i, FEATURES));
    Arrays.setAll(wideSketches, i -> KllDoublesSketch.newHeapInstance(K));
    for (int p = 0; p < PARTS; p++) {
      double[] values = Arrays.copyOfRange(column, p * 10_000, (p + 1) * 10_000);
      parts[p] = one.newProfile();
      parts[p].recordColumn("x", values);
      sketches[p] = KllDoublesSketch.newHeapInstance(K);
      for (double v : values) {
        sketches[p].update(v);
      }
    }
  }

  /**
   * Ours: a column of a million values, per value.
   *
   * @return the profile
   */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public Profile value() {
    profile.clear();
    profile.recordColumn("x", column);
    return profile;
  }

  /**
   * KLL: the same values, per value.
   *
   * @return the sketch
   */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public KllDoublesSketch kllValue() {
    KllDoublesSketch sketch = KllDoublesSketch.newHeapInstance(K);
    for (double v : column) {
      sketch.update(v);
    }
    return sketch;
  }

  /**
   * Ours: 100 partial profiles into one.
   *
   * @return the profile
   */
  @Benchmark
  public Profile merge() {
    Profile sum = one.newProfile();
    for (Profile part : parts) {
      sum.merge(part);
    }
    return sum;
  }

  /**
   * KLL: 100 partial sketches into one.
   *
   * @return the sketch
   */
  @Benchmark
  public KllDoublesSketch kllMerge() {
    KllDoublesSketch sum = KllDoublesSketch.newHeapInstance(K);
    for (KllDoublesSketch part : sketches) {
      sum.merge(part);
    }
    return sum;
  }

  /**
   * Ours: one row of 100 features.
   *
   * @return the profile
   */
  @Benchmark
  public Profile row() {
    wideProfile.record(rows[next++ & (ROWS - 1)]);
    return wideProfile;
  }

  /**
   * KLL: one row of 100 features into 100 sketches.
   *
   * @return the sketches
   */
  @Benchmark
  public KllDoublesSketch[] kllRow() {
    double[] row = rows[next++ & (ROWS - 1)];
    for (int f = 0; f < FEATURES; f++) {
      wideSketches[f].update(row[f]);
    }
    return wideSketches;
  }
}
