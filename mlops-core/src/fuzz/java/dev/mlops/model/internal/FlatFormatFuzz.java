package dev.mlops.model.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.MlopsException;
import dev.mlops.model.Predictor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Any bytes, with the right length and checksum put in, are a model that answers or are refused
 * with one of our own errors.
 */
class FlatFormatFuzz {
  private static final Schema SCHEMA = new Schema(
      List.of(
          new Feature.Numeric("a"),
          new Feature.Numeric("b"),
          new Feature.Categorical("c", List.of("x", "y"))),
      new Target.Classes("t", List.of("no", "yes")));
  private static final double[][] ROWS = {
    {0.3, -2, 0}, {-5, 7, 1}, {Double.NaN, 1, 1}, {1e300, -1e300, -1}
  };

  @FuzzTest(maxDuration = "10m")
  void read(byte[] data) {
    answer(data);
    if (data.length >= 20) {
      ByteBuffer file = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
      file.putInt(4, 1).putLong(8, data.length - 20L);
      var crc = new CRC32C();
      crc.update(data, 0, data.length - 4);
      file.putInt(data.length - 4, (int) crc.getValue());
      answer(data);
    }
  }

  private static void answer(byte[] file) {
    try (Predictor model = new FlatFormat().read(file, SCHEMA)) {
      for (double[] row : ROWS) {
        model.predict(row);
      }
      model.describe();
    } catch (MlopsException expected) {
      // a typed refusal is an answer
    }
  }
}
