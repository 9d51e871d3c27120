package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of the user guide and checks that the guide shows this code. */
class GuideTest {
  @TempDir
  Path directory;

  private final List<String> paged = new ArrayList<>();

  private void page(List<String> features) {
    paged.addAll(features);
  }

  private static String csv(double shift) {
    StringBuilder text = new StringBuilder("amount,country\n");
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      text.append(random.nextGaussian() + shift).append(random.nextBoolean() ? ",de\n" : ",fr\n");
    }
    return text.toString();
  }

  @Test
  void guide_code_runs() throws Exception {
    Files.writeString(directory.resolve("training.csv"), csv(0));
    Files.writeString(directory.resolve("today.csv"), csv(1));
    Columns training = Columns.fromCsv(Files.newBufferedReader(directory.resolve("training.csv")));
    Baseline baseline = Baseline.fit(training);

    Columns today = Columns.fromCsv(Files.newBufferedReader(directory.resolve("today.csv")));
    DriftReport report = baseline.compare(today);
    DriftReport.Verdict verdict = report.verdict();
    List<String> drifted = report.driftedFeatures();
    Files.writeString(directory.resolve("drift.json"), report.toJson());
    Files.writeString(directory.resolve("drift.html"), report.toHtml());

    assertThat(verdict).isEqualTo(DriftReport.Verdict.DRIFT);
    assertThat(drifted).containsExactly("amount");

    DriftPolicy policy = DriftPolicy.builder()
        .falseAlarmBudget(1, Duration.ofDays(30), Duration.ofHours(1))
        .persistence(2, 3)
        .numeric(DriftPolicy.Measure.ANDERSON_DARLING)
        .build();
    double[] row = {3.5, 0};
    double score = 0.9;
    Clock clock = Clock.systemUTC();

    DriftMonitor monitor = DriftMonitor.builder(baseline, policy, clock)
        .sliding(Duration.ofHours(6), Duration.ofHours(1))
        .listener(new DriftMonitor.Listener() {
          @Override
          public void onAlert(DriftMonitor.Alert alert) {
            page(alert.started());
          }
        })
        .build();

    monitor.record(row);
    monitor.recordPrediction(score);
    byte[] snapshot = monitor.snapshot();

    assertThat(monitor.pendingRows()).isEqualTo(1);
    assertThat(DriftMonitor.builder(baseline, policy, clock)
            .sliding(Duration.ofHours(6), Duration.ofHours(1))
            .resume(snapshot)
            .build()
            .snapshot())
        .isEqualTo(snapshot);
    assertThat(report.toHtml(monitor.history())).contains("<svg");
    assertThat(paged).isEmpty();

    Random random = new Random(2);
    double[] scores = random.doubles(200).toArray();
    int[] labels = new int[200];
    for (int i = 0; i < 200; i++) {
      labels[i] = random.nextDouble() < scores[i] ? 1 : 0;
    }
    double[] liveScores = random.doubles(100).toArray();
    double[][] reference = new double[60][];
    double[][] live = new double[60][];
    for (int i = 0; i < 60; i++) {
      reference[i] = new double[] {random.nextDouble(), random.nextDouble()};
      live[i] = new double[] {random.nextDouble(), 2 + random.nextDouble()};
    }
    MultivariateDrift.DomainClassifier trainer = MultivariateDrift.nearestNeighbours(5);
    boolean wrong = true;

    ChangeDetector errors = ChangeDetector.adwin();
    boolean changed = errors.update(wrong ? 1 : 0) == ChangeDetector.Signal.CHANGE;

    PerformanceEstimator estimator = PerformanceEstimator.fit(scores, labels, 0.5);
    double accuracy = estimator.estimate(liveScores, new Random(1)).expected().accuracy();

    PerformanceMonitor labelled = PerformanceMonitor.builder(0.93, clock)
        .maxDrop(0.05)
        .onAlert(alert -> page(List.of("accuracy")))
        .build();
    labelled.recordPrediction("request-1", 1);
    labelled.recordLabel("request-1", 0);

    double domain = MultivariateDrift.domainClassifier(
            reference, live, trainer, 3, 99, new Random(1))
        .pValue();
    double components = MultivariateDrift.reconstruction(reference, live, 0.65).pValue();

    assertThat(changed).isFalse();
    assertThat(accuracy).isBetween(0.6, 0.9);
    assertThat(domain).isLessThan(0.05);
    assertThat(components).isBetween(0.0, 1.0);
  }

  @Test
  void engines_ofTheGuide_giveTheProfileOfAllRows() {
    Baseline baseline =
        Baseline.fit(Columns.builder().numeric("x", 1, 2, 3, 4, 5).build());
    Profile whole = baseline.newProfile();
    DriftAggregator spark = new DriftAggregator(baseline);
    DriftAggregate flink = new DriftAggregate(baseline);
    List<byte[]> partitions = new ArrayList<>();
    List<byte[]> windows = new ArrayList<>();
    for (int partition = 0; partition < 3; partition++) {
      byte[] a = spark.zero();
      byte[] b = flink.createAccumulator();
      for (int i = 0; i < 7; i++) {
        double[] row = {partition + i / 2.0};
        whole.record(row);
        a = spark.reduce(a, row);
        b = flink.add(row, b);
      }
      partitions.add(a);
      windows.add(b);
    }

    byte[] ofSpark = spark.finish(partitions.stream().reduce(spark::merge).orElseThrow());
    byte[] ofFlink = flink.getResult(windows.stream().reduce(flink::merge).orElseThrow());

    assertThat(ofSpark).isEqualTo(whole.toBytes());
    assertThat(ofFlink).isEqualTo(whole.toBytes());
  }

  /** The shape of org.apache.spark.sql.expressions.Aggregator. */
  abstract static class Aggregator<I, B, O> implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    abstract B zero();

    abstract B reduce(B b, I row);

    abstract B merge(B a, B b);

    abstract O finish(B b);

    abstract Encoder<B> bufferEncoder();

    abstract Encoder<O> outputEncoder();
  }

  /** The shape of org.apache.spark.sql.Encoder. */
  interface Encoder<T> {}

  /** The shape of org.apache.spark.sql.Encoders. */
  static final class Encoders {
    private Encoders() {}

    static Encoder<byte[]> BINARY() {
      return new Encoder<>() {};
    }
  }

  /** The shape of org.apache.flink.api.common.functions.AggregateFunction. */
  interface AggregateFunction<I, A, O> extends java.io.Serializable {
    A createAccumulator();

    A add(I row, A a);

    A merge(A a, A b);

    O getResult(A a);
  }

  // spotless:off
  static class DriftAggregator extends Aggregator<double[], byte[], byte[]> {
    private final String json;
    private transient @Nullable Baseline baseline;

    DriftAggregator(Baseline baseline) {
      this.json = baseline.toJson();
    }

    private Baseline baseline() {
      return baseline == null ? baseline = Baseline.fromJson(json) : baseline;
    }

    @Override
    public byte[] zero() {
      return baseline().newProfile().toBytes();
    }

    @Override
    public byte[] reduce(byte[] b, double[] row) {
      Profile p = Profile.fromBytes(b, baseline());
      p.record(row);
      return p.toBytes();
    }

    @Override
    public byte[] merge(byte[] a, byte[] b) {
      return Profile.fromBytes(a, baseline())
          .merge(Profile.fromBytes(b, baseline()))
          .toBytes();
    }

    @Override
    public byte[] finish(byte[] b) {
      return b;
    }

    @Override
    public Encoder<byte[]> bufferEncoder() {
      return Encoders.BINARY();
    }

    @Override
    public Encoder<byte[]> outputEncoder() {
      return Encoders.BINARY();
    }
  }

  static class DriftAggregate implements AggregateFunction<double[], byte[], byte[]> {
    private final String json;
    private transient @Nullable Baseline baseline;

    DriftAggregate(Baseline baseline) {
      this.json = baseline.toJson();
    }

    private Baseline baseline() {
      return baseline == null ? baseline = Baseline.fromJson(json) : baseline;
    }

    @Override
    public byte[] createAccumulator() {
      return baseline().newProfile().toBytes();
    }

    @Override
    public byte[] add(double[] row, byte[] a) {
      Profile p = Profile.fromBytes(a, baseline());
      p.record(row);
      return p.toBytes();
    }

    @Override
    public byte[] merge(byte[] a, byte[] b) {
      return Profile.fromBytes(a, baseline())
          .merge(Profile.fromBytes(b, baseline()))
          .toBytes();
    }

    @Override
    public byte[] getResult(byte[] a) {
      return a;
    }
  }
  // spotless:on

  @Test
  void guide_showsThisCode() throws Exception {
    Path root = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    String source = Files.readString(Path.of("src/test/java/dev/mlops/drift/GuideTest.java"))
        .replaceAll("\\s+", "");
    String[] parts =
        Files.readString(root.resolve("src/site/markdown/drift.md")).split("```");
    int blocks = 0;
    for (int i = 1; i < parts.length; i += 2) {
      if (parts[i].startsWith("java\n")) {
        assertThat(source).contains(parts[i].substring(5).replaceAll("\\s+", ""));
        blocks++;
      }
    }
    assertThat(blocks).isEqualTo(6);
  }
}
