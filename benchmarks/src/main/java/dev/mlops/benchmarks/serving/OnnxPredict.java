package dev.mlops.benchmarks.serving;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** ONNX Runtime on one thread, scores only, from a direct buffer that is used again. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class OnnxPredict {
  /** The model. */
  @Param("logistic")
  public String model;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private OrtSession session;
  private String input;
  private Set<String> output;
  private FloatBuffer one;
  private FloatBuffer many;

  /** Loads the model. */
  @Setup
  public void setUp() throws OrtException {
    session = open(environment, model);
    input = session.getInputNames().iterator().next();
    output = Set.of(output(session));
    one = direct(FraudData.FEATURES);
    many = direct(FraudData.FEATURES * Rows.BATCH);
  }

  static OrtSession open(OrtEnvironment environment, String model) throws OrtException {
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    return environment.createSession(ServingModels.bytes(model, "onnx"), options);
  }

  /** The scores are the last output; in front of them there may be labels. */
  static String output(OrtSession session) {
    String last = "";
    for (String name : session.getOutputNames()) {
      last = name;
    }
    return last;
  }

  static FloatBuffer direct(int floats) {
    return ByteBuffer.allocateDirect(floats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static void fill(FloatBuffer buffer, double[] row) {
    for (double value : row) {
      buffer.put((float) value);
    }
  }

  /** One row. */
  @Benchmark
  public Object single(Rows rows) throws OrtException {
    one.clear();
    fill(one, rows.next());
    one.flip();
    return run(one, 1);
  }

  /** A thousand rows. */
  @Benchmark
  @OperationsPerInvocation(Rows.BATCH)
  public Object batch(Rows rows) throws OrtException {
    many.clear();
    for (double[] row : rows.batch) {
      fill(many, row);
    }
    many.flip();
    return run(many, Rows.BATCH);
  }

  private Object run(FloatBuffer buffer, int count) throws OrtException {
    long[] shape = {count, FraudData.FEATURES};
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor), output)) {
      return result.get(0).getValue();
    }
  }
}
