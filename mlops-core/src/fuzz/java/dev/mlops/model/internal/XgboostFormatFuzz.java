package dev.mlops.model.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.MlopsException;
import dev.mlops.model.Predictor;
import java.util.List;

/** Any bytes are a model that answers or are refused with one of our own errors. */
class XgboostFormatFuzz {
  private static final Schema SCHEMA = new Schema(
      List.of(new Feature.Numeric("a"), new Feature.Numeric("b")),
      new Target.Classes("t", List.of("no", "yes")));
  private static final double[][] ROWS = {{0.3, -2}, {-5, 7}, {Double.NaN, 1}, {1e300, -1e300}};

  @FuzzTest(maxDuration = "10m")
  void read(byte[] data) {
    try (Predictor model = new XgboostFormat().read(data, SCHEMA)) {
      for (double[] row : ROWS) {
        model.predict(row);
      }
      model.describe();
    } catch (MlopsException expected) {
      // a typed refusal is an answer
    }
  }
}
