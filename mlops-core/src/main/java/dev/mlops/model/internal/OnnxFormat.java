package dev.mlops.model.internal;

import dev.mlops.data.Schema;
import dev.mlops.model.ModelFormat;
import dev.mlops.model.Predictor;

/**
 * ONNX models, run by ONNX Runtime, which is an optional dependency
 * ({@code com.microsoft.onnxruntime:onnxruntime}). Safe for use by several threads.
 */
public final class OnnxFormat implements ModelFormat {
  /** The format's short name. */
  public static final String NAME = "onnx";

  /** Creates the format; called by {@link java.util.ServiceLoader}. */
  public OnnxFormat() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean available() {
    try {
      Class.forName("ai.onnxruntime.OrtEnvironment", false, OnnxFormat.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @Override
  public Predictor read(byte[] content, Schema schema) {
    return OnnxPredictor.open(content, schema);
  }
}
