package dev.mlops.benchmarks.serving;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.List;

/** From the start of a JVM to the first prediction of a forest of 100 unlimited trees. */
public final class LoadSuite implements Suite {
  private static final String MODEL = "forest-unlimited";

  /** Creates the suite; called by the service loader. */
  public LoadSuite() {}

  @Override
  public String name() {
    return "load";
  }

  /** ONNX Runtime reads deep trees recursively on the calling thread. */
  @Override
  public List<String> jvmArgs() {
    return List.of("-Xmx2g", "-Xss64m");
  }

  @Override
  public List<Comparison> comparisons() {
    ServingModels.prepare(List.of(MODEL));
    ServingModels.prepareProtobuf(MODEL);
    return List.of(
        new Comparison(
            "load-cold",
            Comparison.Basis.WALL,
            way("mlops", "cold"),
            List.of(way("tribuo", "cold"), way("onnxruntime", "cold"))),
        new Comparison(
            "load-heap",
            Comparison.Basis.BYTES,
            way("mlops", "cold"),
            List.of(way("tribuo", "cold"))),
        new Comparison(
            "load-warm",
            Comparison.Basis.WALL,
            way("mlops", "warm"),
            List.of(way("onnxruntime", "warm"))));
  }

  private static Contender way(String name, String temperature) {
    return new Contender.Program(
        name,
        FirstPrediction.class,
        List.of(name, temperature, System.getProperty("benchmarks.out", "target")));
  }
}
