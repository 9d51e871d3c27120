package dev.mlops.model.internal;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.error.UnavailableException;
import dev.mlops.model.Predictor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * A model in ONNX Runtime: one input tensor of floats, [rows, features] in the schema's order, and
 * among its outputs a tensor of floats or doubles, [rows, scores] in the order of the schema's
 * classes. Safe for use by several threads. One thread per call: requests are the parallelism.
 */
final class OnnxPredictor implements Predictor {
  private final Schema schema;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final String output;
  private final boolean flat;
  private final boolean single;

  private OnnxPredictor(
      Schema schema, OrtEnvironment environment, OrtSession session, NodeInfo in, NodeInfo out) {
    this.schema = schema;
    this.environment = environment;
    this.session = session;
    this.input = in.getName();
    this.output = out.getName();
    this.flat = shape(in).length == 1;
    this.single = shape(in)[0] == 1 || shape(out)[0] == 1;
  }

  private static long[] shape(NodeInfo info) {
    return ((TensorInfo) info.getInfo()).getShape();
  }

  static OnnxPredictor open(byte[] content, Schema schema) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession session;
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(content, options);
    } catch (OrtException e) {
      throw new CorruptException("ONNX Runtime does not read the model: " + e.getMessage(), e);
    }
    try {
      return new OnnxPredictor(
          schema, environment, session, input(session, schema), output(session, schema));
    } catch (OrtException e) {
      close(session);
      throw new CorruptException("ONNX Runtime cannot describe the model", e);
    } catch (RuntimeException e) {
      close(session);
      throw e;
    }
  }

  private static NodeInfo input(OrtSession session, Schema schema) throws OrtException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    if (inputs.size() == 1) {
      NodeInfo only = inputs.values().iterator().next();
      if (only.getInfo() instanceof TensorInfo tensor
          && tensor.type == OnnxJavaType.FLOAT
          && fits(tensor.getShape(), schema.width())) {
        return only;
      }
    }
    throw new CorruptException("the ONNX model needs one input of floats [rows, " + schema.width()
        + "], but has " + inputs);
  }

  private static NodeInfo output(OrtSession session, Schema schema) throws OrtException {
    Map<String, NodeInfo> outputs = session.getOutputInfo();
    for (NodeInfo info : outputs.values()) {
      if (info.getInfo() instanceof TensorInfo tensor
          && (tensor.type == OnnxJavaType.FLOAT || tensor.type == OnnxJavaType.DOUBLE)
          && fits(tensor.getShape(), schema.outputs())) {
        return info;
      }
    }
    throw new CorruptException("the ONNX model needs an output of floats [rows, "
        + schema.outputs() + "] (for a converted scikit-learn model: zipmap off), but has "
        + outputs);
  }

  /** A dimension of -1 is open. A model of one row at a time is asked row by row. */
  private static boolean fits(long[] shape, int width) {
    boolean rows = shape.length > 0 && (shape[0] == -1 || shape[0] == 1);
    return shape.length == 2
        ? rows && (shape[1] == -1 || shape[1] == width)
        : rows && shape.length == 1 && width == 1;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  /** Probabilities are the convention of ONNX classifiers; the format does not say. */
  @Override
  public boolean givesProbabilities() {
    return schema.target() instanceof Target.Classes;
  }

  @Override
  public void predict(double[] row, double[] scores) {
    if (row.length != schema.width() || scores.length != schema.outputs()) {
      throw new IllegalArgumentException("a row needs " + schema.width() + " values and "
          + schema.outputs() + " scores, got " + row.length + " and " + scores.length);
    }
    run(new double[][] {row}, new double[][] {scores});
  }

  @Override
  public void predictAll(double[][] rows, double[][] scores) {
    if (single) {
      Predictor.super.predictAll(rows, scores);
    } else if (rows.length > 0) {
      run(rows, scores);
    }
  }

  private void run(double[][] rows, double[][] scores) {
    FloatBuffer values = FloatBuffer.allocate(rows.length * schema.width());
    for (double[] row : rows) {
      for (double value : row) {
        values.put((float) value);
      }
    }
    long[] shape = flat ? new long[] {rows.length} : new long[] {rows.length, schema.width()};
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, values.flip(), shape);
        OrtSession.Result result = session.run(Map.of(input, tensor), Set.of(output))) {
      read((OnnxTensor) result.get(0), rows.length, scores);
    } catch (OrtException e) {
      throw new UnavailableException("ONNX Runtime failed: " + e.getMessage(), e);
    }
  }

  private void read(OnnxTensor tensor, int rows, double[][] scores) {
    long[] shape = tensor.getInfo().getShape();
    if (!Arrays.equals(shape, new long[] {rows, schema.outputs()})
        && !(schema.outputs() == 1 && Arrays.equals(shape, new long[] {rows}))) {
      throw new CorruptException("the ONNX model gives scores [" + rows + ", " + schema.outputs()
          + "] in its record, but gave " + Arrays.toString(shape));
    }
    boolean floats = tensor.getInfo().type == OnnxJavaType.FLOAT;
    FloatBuffer single = floats ? tensor.getFloatBuffer() : FloatBuffer.allocate(0);
    var twice = floats ? java.nio.DoubleBuffer.allocate(0) : tensor.getDoubleBuffer();
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < schema.outputs(); k++) {
        scores[i][k] = floats ? single.get() : twice.get();
      }
    }
  }

  @Override
  public String describe() {
    return "ONNX model, input '" + input + "', output '" + output + "'";
  }

  @Override
  public void close() {
    close(session);
  }

  private static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new UnavailableException("ONNX Runtime could not close the model", e);
    }
  }
}
