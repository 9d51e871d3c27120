package dev.mlops.model.internal;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelFormat;
import dev.mlops.model.Predictor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/*
 * The file: "MLFT", format version (int), body length (long), body, CRC-32C of all of it (int);
 * little endian. A CRC finds every change of up to 32 neighbouring bits and all but one in 2^32 of
 * the others; whether the bytes are the registered ones is a question for the SHA-256 kept with
 * the version. The body is data only: numbers that say which arithmetic to use, never names of
 * code. Every index is checked when it is read, so that no content can make a prediction leave its
 * arrays or run forever.
 */
/** Reads and writes compiled models. Safe for use by several threads. */
public final class FlatFormat implements ModelFormat {
  /** The format's short name. */
  public static final String NAME = "flat";

  /** The name of the file that holds the compiled model of a version. */
  public static final String FILE_NAME = "model.flat";

  /** The name of the file that says why a version has no compiled model. */
  public static final String REASON_FILE = "not-compiled.txt";

  private static final int MAGIC = 0x54464c4d; // "MLFT" in little endian
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 16;
  private static final int CRC_BYTES = 4;

  /** Creates the format; called by {@link java.util.ServiceLoader}. */
  public FlatFormat() {}

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Writes a compiled model.
   *
   * @param model the model
   * @return the file to store with the version
   */
  public static ModelFile write(CompiledPredictor model) {
    var body = new FlatWriter();
    body.putInt(fingerprint(model.schema()));
    body.putBoolean(model.givesProbabilities());
    body.putBoolean(model.complete());
    model.program().write(body);
    KernelCodec.write(model.kernel(), body);
    model.calibration().write(body);
    byte[] bytes = body.toBytes();
    ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + bytes.length + CRC_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC)
        .putInt(VERSION)
        .putLong(bytes.length)
        .put(bytes);
    file.putInt(crc(file.array(), file.position()));
    return new ModelFile(FILE_NAME, NAME, file.array());
  }

  @Override
  public Predictor read(byte[] content, Schema schema) {
    ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < HEADER_BYTES + CRC_BYTES) {
      throw new CorruptException("flat model has only " + content.length + " bytes");
    }
    if (file.getInt() != MAGIC) {
      throw new CorruptException("flat model does not start with its mark MLFT");
    }
    int version = file.getInt();
    if (version != VERSION) {
      throw new CorruptException(
          "flat model has format version " + version + ", this library reads " + VERSION);
    }
    long length = file.getLong();
    if (length != content.length - HEADER_BYTES - CRC_BYTES) {
      throw new CorruptException("flat model says " + length + " bytes of content, but has "
          + (content.length - HEADER_BYTES - CRC_BYTES));
    }
    int end = HEADER_BYTES + (int) length;
    int expected = file.getInt(end);
    int actual = crc(content, end);
    if (expected != actual) {
      throw new CorruptException(
          String.format("flat model has checksum %08x, its content gives %08x", expected, actual));
    }
    return readBody(new FlatReader(file.limit(end)), schema);
  }

  private static Predictor readBody(FlatReader in, Schema schema) {
    int fingerprint = in.getInt();
    if (fingerprint != fingerprint(schema)) {
      throw new CorruptException("flat model was compiled for another schema than "
          + schema.features().stream().map(Feature::name).toList());
    }
    boolean probabilities = in.getBoolean();
    boolean complete = in.getBoolean();
    RowProgram program = RowProgram.read(in);
    Kernel kernel = KernelCodec.read(in, 0);
    Calibration calibration = Calibration.read(in, kernel.outputs());
    FlatReader.require(in.remaining() == 0, in.remaining() + " bytes too many");
    FlatReader.require(
        program.width() == schema.width()
            && program.inputs() == kernel.inputs()
            && kernel.outputs() == schema.outputs(),
        "schema, inputs and model do not fit one another");
    return new CompiledPredictor(schema, probabilities, program, complete, kernel, calibration);
  }

  private static int crc(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /** A checksum of names, categories and classes in order: compiled code addresses by position. */
  private static int fingerprint(Schema schema) {
    var text = new FlatWriter();
    for (Feature feature : schema.features()) {
      text.putText(feature.name());
      if (feature instanceof Feature.Categorical categorical) {
        text.putInt(categorical.categories().size());
        categorical.categories().forEach(text::putText);
      } else {
        text.putInt(-1);
      }
    }
    text.putText(schema.target().name());
    if (schema.target() instanceof Target.Classes classes) {
      classes.classes().forEach(text::putText);
    }
    byte[] bytes = text.toBytes();
    return crc(bytes, bytes.length);
  }
}
