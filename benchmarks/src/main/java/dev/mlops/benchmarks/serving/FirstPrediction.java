package dev.mlops.benchmarks.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import org.tribuo.Model;
import org.tribuo.classification.Label;

/**
 * Loads a forest and predicts once, in the way that the first argument names. Prints the time from
 * the start of the JVM and the heap in use after a collection; with {@code warm}, the median time
 * of later loads in the same JVM.
 */
public final class FirstPrediction {
  private static final String MODEL = "forest-unlimited";

  private FirstPrediction() {}

  /** One way to load and predict. */
  private interface Way {
    Object run(double[] row) throws IOException, OrtException;
  }

  /**
   * Runs.
   *
   * @param args the way, {@code cold} or {@code warm}, and the directory of the benchmarks' output
   * @throws IOException if the model cannot be read
   * @throws OrtException if ONNX Runtime fails
   */
  public static void main(String[] args) throws IOException, OrtException {
    System.setProperty("benchmarks.out", args[2]);
    Way way = switch (args[0]) {
      case "mlops" -> FirstPrediction::flat;
      case "tribuo" -> FirstPrediction::tribuo;
      case "onnxruntime" -> FirstPrediction::onnx;
      default -> throw new IllegalArgumentException(args[0]);
    };
    double[] row = new double[FraudData.FEATURES];
    Arrays.fill(row, 0.5);
    if (args[1].equals("warm")) {
      warm(way, row);
      return;
    }
    Object kept = way.run(row);
    long sinceStart =
        System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    System.out.println("ns " + sinceStart * 1_000_000);
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.println("bytes " + (runtime.totalMemory() - runtime.freeMemory()));
    if (kept.hashCode() == 42) {
      System.out.println(kept);
    }
  }

  private static void warm(Way way, double[] row) throws IOException, OrtException {
    long[] nanos = new long[15];
    for (int i = 0; i < nanos.length; i++) {
      long start = System.nanoTime();
      Object kept = way.run(row);
      nanos[i] = System.nanoTime() - start;
      if (kept.hashCode() == 42) {
        System.out.println(kept);
      }
    }
    long[] last = Arrays.copyOfRange(nanos, 5, nanos.length);
    Arrays.sort(last);
    System.out.println("ns " + last[last.length / 2]);
  }

  private static Object flat(double[] row) {
    var predictor = ServingModels.flat(MODEL);
    predictor.predict(row);
    return predictor;
  }

  @SuppressWarnings("unchecked")
  private static Object tribuo(double[] row) throws IOException {
    var model = (Model<Label>) Model.deserializeFromFile(ServingModels.file(MODEL, "pb"));
    model.predict(FraudData.example(row, new Label("?")));
    return model;
  }

  private static Object onnx(double[] row) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession session = OnnxPredict.open(environment, MODEL);
    FloatBuffer buffer = OnnxPredict.direct(row.length);
    for (double value : row) {
      buffer.put((float) value);
    }
    buffer.flip();
    try (var tensor = OnnxTensor.createTensor(environment, buffer, new long[] {1, row.length});
        var result = session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
      result.get(0).getValue();
    }
    return session;
  }
}
