package dev.mlops.benchmarks.serving;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.ArrayList;
import java.util.List;

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
    List<Comparison> comparisons = new ArrayList<>();
    for (String model : ServingModels.MAIN) {
      List<Contender> peers = new ArrayList<>();
      peers.add(contender("tribuo", TribuoPredict.class, "single", model));
      if (model.equals("xgboost")) {
        peers.add(contender("xgboost4j", XgboostPredict.class, "single", model));
        peers.add(contender("h2o", H2oPredict.class, "single", model));
      } else {
        peers.add(contender("onnxruntime", OnnxPredict.class, "single", model));
      }
      comparisons.add(compare(model, model, "single", peers));
    }
    for (String model : ServingModels.MAIN) {
      List<Contender> peers = model.equals("xgboost")
          ? List.of(
              contender("xgboost4j", XgboostPredict.class, "batch", model),
              contender("h2o", H2oPredict.class, "batch", model))
          : List.of(contender("onnxruntime", OnnxPredict.class, "batch", model));
      comparisons.add(compare("batch-" + model, model, "batch", peers));
    }
    for (String model : ServingModels.BESIDE) {
      comparisons.add(compare(
          model,
          model,
          "single",
          List.of(contender("tribuo", TribuoPredict.class, "single", model))));
    }
    return comparisons;
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
