package dev.mlops.model.internal;

import dev.mlops.data.Schema;
import dev.mlops.error.CorruptException;
import dev.mlops.model.ModelFormat;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.json.BoostedJson;
import java.util.stream.IntStream;

/**
 * XGBoost's own files (JSON, UBJSON and the binary format of versions up to 2), read and compiled
 * in plain Java: the native library is not needed. The model's columns are the schema's features in
 * order; {@code NaN} follows each split's trained direction. Safe for use by several threads.
 */
public final class XgboostFormat implements ModelFormat {
  /** The format's short name. */
  public static final String NAME = "xgboost";

  /** Creates the format; called by {@link java.util.ServiceLoader}. */
  public XgboostFormat() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Predictor read(byte[] content, Schema schema) {
    BoostedModel model = content.length > 0 && content[0] == '{'
        ? BoostedJson.read(content)
        : BoostedBinary.read(content);
    if (model.features() > schema.width()) {
      throw new CorruptException("the XGBoost model reads " + model.features()
          + " columns, the schema has " + schema.width());
    }
    int width = schema.width();
    Kernel kernel = model.compile(
        width,
        IntStream.range(0, width).toArray(),
        IntStream.range(0, model.classes()).toArray());
    if (kernel.outputs() != schema.outputs()) {
      throw new CorruptException("the XGBoost model with objective '" + model.objective()
          + "' gives " + kernel.outputs() + " scores, the schema has " + schema.outputs());
    }
    return new CompiledPredictor(
        schema, kernel.outputs() > 1, RowProgram.identity(width), false, kernel, Calibration.NONE);
  }
}
