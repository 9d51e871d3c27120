package dev.mlops.training.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops.data.Schema;
import dev.mlops.data.internal.Fingerprint;
import dev.mlops.error.CorruptException;
import dev.mlops.training.internal.json.PipelineJson;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The file of a model with its transforms, big-endian: {@code "MLTM"}, format version, the
 * fingerprint of the schema, the length of the JSON of transforms and calibration, that JSON, the
 * length of the library's own bytes, those bytes. Nothing follows.
 */
public final class Envelope {
  private static final int MAGIC = 0x4d4c544d; // "MLTM"
  private static final int FORMAT_VERSION = 1;
  private static final int FINGERPRINT_CHARS = 64;

  private Envelope() {}

  /** What an envelope holds beside the library's own bytes. */
  @SuppressWarnings("ArrayRecordComponent") // handed on once
  public record Content(
      Pipeline pipeline, FittedCalibration calibration, boolean probabilities, byte[] model) {}

  public static byte[] write(PipelinePredictor predictor) {
    byte[] json = PipelineJson.write(predictor).getBytes(UTF_8);
    byte[] model = predictor.scorer().content();
    byte[] fingerprint = Fingerprint.of(predictor.schema()).getBytes(UTF_8);
    return ByteBuffer.allocate(4 * Integer.BYTES + FINGERPRINT_CHARS + json.length + model.length)
        .putInt(MAGIC)
        .putInt(FORMAT_VERSION)
        .put(fingerprint)
        .putInt(json.length)
        .put(json)
        .putInt(model.length)
        .put(model)
        .array();
  }

  public static Content read(byte[] content, Schema schema) {
    ByteBuffer in = ByteBuffer.wrap(content);
    if (in.remaining() < 2 * Integer.BYTES + FINGERPRINT_CHARS || in.getInt() != MAGIC) {
      throw new CorruptException("expected a model with its transforms, got other bytes");
    }
    int version = in.getInt();
    if (version != FORMAT_VERSION) {
      throw new CorruptException(
          "the model's format version must be " + FORMAT_VERSION + ", got " + version);
    }
    byte[] fingerprint = new byte[FINGERPRINT_CHARS];
    in.get(fingerprint);
    if (!Arrays.equals(fingerprint, Fingerprint.of(schema).getBytes(UTF_8))) {
      throw new CorruptException(
          "the model was trained with another schema than the one recorded with the version");
    }
    byte[] json = block(in);
    byte[] model = block(in);
    if (in.hasRemaining()) {
      throw new CorruptException(in.remaining() + " bytes follow the end of the model");
    }
    return PipelineJson.read(new String(json, UTF_8), schema, model);
  }

  private static byte[] block(ByteBuffer in) {
    int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new CorruptException("the model ends early, after " + in.limit() + " bytes");
    }
    byte[] block = new byte[length];
    in.get(block);
    return block;
  }
}
