package dev.mlops.benchmarks.serving;

import dev.mlops.data.Schema;
import dev.mlops.model.ModelRef;
import dev.mlops.model.Predictor;
import dev.mlops.serving.LiveModel;
import dev.mlops.serving.ModelSource;
import dev.mlops.serving.RoutedModel;
import dev.mlops.telemetry.PredictionTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** From the bare compiled call to everything that stands around it in a service. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class LivePath {
  /** The model. */
  @Param("logistic")
  public String model;

  private Predictor bare;
  private LiveModel checked;
  private LiveModel measured;
  private RoutedModel<Integer> routed;

  /** What one thread writes to. */
  @State(Scope.Thread)
  public static class Scores {
    final double[] scores = new double[2];
    private int unit;

    Integer unit() {
      return unit++ & 127; // small numbers are cached: boxing them allocates nothing
    }
  }

  /** Loads the models. */
  @Setup
  public void setUp() {
    bare = ServingModels.flat(model);
    checked = LiveModel.builder(new OneModel(model), ModelRef.parse("m:1")).build();
    measured = measured();
    routed = RoutedModel.of(List.of(measured, measured()), unit -> unit & 1);
  }

  private LiveModel measured() {
    return LiveModel.builder(new OneModel(model), ModelRef.parse("m:1"))
        .listener(PredictionTelemetry.of(OpenTelemetry.noop()))
        .build();
  }

  /** The compiled model alone. */
  @Benchmark
  public double[] bare(Rows rows, Scores scores) {
    bare.predict(rows.next(), scores.scores);
    return scores.scores;
  }

  /** Signature-checked, swappable. */
  @Benchmark
  public Object checked(Rows rows, Scores scores) {
    return checked.predict(rows.next(), scores.scores);
  }

  /** And counted and timed. */
  @Benchmark
  public Object measured(Rows rows, Scores scores) {
    return measured.predict(rows.next(), scores.scores);
  }

  /** And routed. */
  @Benchmark
  public Object routed(Rows rows, Scores scores) {
    return routed.predict(scores.unit(), rows.next(), scores.scores);
  }

  /** All of it, by two threads at once; time per call and thread. */
  @Benchmark
  @Threads(2)
  public Object routedByTwo(Rows rows, Scores scores) {
    return routed.predict(scores.unit(), rows.next(), scores.scores);
  }

  /** One version of one model. */
  private record OneModel(String name) implements ModelSource {
    @Override
    public Version resolve(ModelRef ref) {
      Schema schema = FraudData.schema(ServingModels.classes(name));
      return new Version("m", 1, schema, Map.of("model.flat", "flat"));
    }

    @Override
    public byte[] read(Version version, String file) {
      return ServingModels.bytes(name, "flat");
    }
  }
}
