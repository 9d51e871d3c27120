package dev.mlops.benchmarks.serving;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One row and a thousand rows through every kind of model, against who else can run it. */
public final class PredictSuite implements Suite {
  /** Creates the suite; called by the service loader. */
  public PredictSuite() {}

  @Override
  public String name() {
    return "predict";
  }

  /** ONNX Runtime reads deep trees recursively on the calling thread. */
  @Override
  public List<String> jvmArgs() {
    return List.of("-Xmx2g", "-Xss64m");
  }

  @Override
  public List<Comparison> comparisons() {
    ServingModels.prepare(ServingModels.MAIN);
    ServingModels.prepare(ServingModels.BESIDE);
    List<Comparison> comparisons = main();
    for (String model : ServingModels.BESIDE) {
      comparisons.add(compare(
          model,
          model,
          "single",
          List.of(contender("tribuo", TribuoPredict.class, "single", model))));
    }
    return comparisons;
  }

  @Override
  public List<Comparison> quickComparisons() {
    ServingModels.prepare(ServingModels.MAIN);
    return main();
  }

  private static List<Comparison> main() {
    List<Comparison> comparisons = new ArrayList<>();
    for (String model : ServingModels.MAIN) {
      List<Contender> peers = new ArrayList<>();
      peers.add(contender("tribuo", TribuoPredict.class, "single", model));
      peers.addAll(peers(model, "single"));
      comparisons.add(compare(model, model, "single", peers));
    }
    for (String model : ServingModels.MAIN) {
      comparisons.add(compare("batch-" + model, model, "batch", peers(model, "batch")));
    }
    return comparisons;
  }

  private static List<Contender> peers(String model, String method) {
    return model.equals("xgboost")
        ? List.of(
            xgboost4j("xgboost4j", method, 0),
            xgboost4j("xgboost4j-1-thread", method, 1),
            contender("h2o", H2oPredict.class, method, model))
        : List.of(contender("onnxruntime", OnnxPredict.class, method, model));
  }

  private static Contender xgboost4j(String name, String method, int threads) {
    return new Contender.Jmh(
        name,
        XgboostPredict.class,
        method,
        Map.of("model", "xgboost", "threads", Integer.toString(threads)));
  }

  private static Comparison compare(
      String name, String model, String method, List<Contender> peers) {
    return Comparison.of(
        name,
        contender("mlops", MlopsPredict.class, method, model),
        peers.toArray(Contender[]::new));
  }

  private static Contender contender(String name, Class<?> benchmark, String method, String model) {
    return Contender.jmh(name, benchmark, method, "model", model);
  }
}
