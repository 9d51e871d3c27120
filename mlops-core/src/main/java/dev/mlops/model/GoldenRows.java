package dev.mlops.model;

import dev.mlops.data.Schema;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Rows with the scores that the model gave when it was registered. A loaded model must give the
 * same scores again before it serves. Immutable: arrays are copied in and out.
 */
public final class GoldenRows {
  /** The name of the file that holds the golden rows of a version. */
  public static final String FILE_NAME = "golden-rows";

  /** The format's short name. */
  public static final String FORMAT = "golden";

  private static final int MAGIC = 0x4d4c4752; // "MLGR"
  private static final int FORMAT_VERSION = 1;
  private static final int HEADER_BYTES = 5 * Integer.BYTES;

  private final double[][] rows;
  private final double[][] scores;

  private GoldenRows(double[][] rows, double[][] scores) {
    this.rows = rows;
    this.scores = scores;
  }

  /**
   * Records what a model says about some rows.
   *
   * @param predictor the model
   * @param rows at least one row, in schema order
   * @return the rows and their scores
   */
  public static GoldenRows record(Predictor predictor, double[][] rows) {
    if (rows.length == 0) {
      throw new InvalidInputException("golden rows need at least one row, got none");
    }
    double[][] copy = new double[rows.length][];
    double[][] scores = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
      scores[i] = predictor.predict(rows[i]);
    }
    return new GoldenRows(copy, scores);
  }

  /**
   * Reads golden rows.
   *
   * @param content bytes written by {@link #toFile()}
   * @return the rows and their scores
   * @throws CorruptException if the bytes are anything else
   */
  public static GoldenRows parse(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content);
    try {
      if (in.getInt() != MAGIC) {
        throw new CorruptException("golden rows do not start with their mark");
      }
      int version = in.getInt();
      if (version != FORMAT_VERSION) {
        throw new CorruptException(
            "golden rows have format version " + version + ", this library reads 1");
      }
      int count = in.getInt();
      int width = in.getInt();
      int outputs = in.getInt();
      long numbers = in.remaining() / Double.BYTES;
      long perRow = (long) width + outputs;
      if (count < 1
          || width < 1
          || outputs < 1
          || in.remaining() % Double.BYTES != 0
          || perRow > numbers // so that the product below cannot overflow
          || count * perRow != numbers) {
        throw new CorruptException("golden rows say " + count + " rows of " + width + " + "
            + outputs + " numbers, but have " + content.length + " bytes");
      }
      return new GoldenRows(read(in, count, width), read(in, count, outputs));
    } catch (BufferUnderflowException e) {
      throw new CorruptException("golden rows end after " + content.length + " bytes", e);
    }
  }

  private static double[][] read(ByteBuffer in, int count, int width) {
    double[][] values = new double[count][width];
    for (double[] row : values) {
      in.asDoubleBuffer().get(row);
      in.position(in.position() + width * Double.BYTES);
    }
    return values;
  }

  /**
   * Writes the rows and scores.
   *
   * @return the file to store with the version
   */
  public ModelFile toFile() {
    int width = rows[0].length;
    int outputs = scores[0].length;
    var out = ByteBuffer.allocate(HEADER_BYTES + rows.length * (width + outputs) * Double.BYTES);
    out.putInt(MAGIC).putInt(FORMAT_VERSION).putInt(rows.length).putInt(width).putInt(outputs);
    write(out, rows);
    write(out, scores);
    return new ModelFile(FILE_NAME, FORMAT, out.array());
  }

  private static void write(ByteBuffer out, double[][] values) {
    for (double[] row : values) {
      for (double value : row) {
        out.putDouble(value);
      }
    }
  }

  /**
   * Returns the number of rows.
   *
   * @return at least 1
   */
  public int size() {
    return rows.length;
  }

  /**
   * Returns the rows.
   *
   * @return a copy, one array per row
   */
  public double[][] rows() {
    double[][] copy = rows.clone();
    for (int i = 0; i < copy.length; i++) {
      copy[i] = copy[i].clone();
    }
    return copy;
  }

  /**
   * Asks a model again.
   *
   * @param predictor the model to check
   * @param tolerance the largest accepted difference of one score, absolute for scores up to 1 and
   *     relative above; 0 asks for bit-equal scores
   * @return empty if every score agrees; otherwise what differs first, which is the shape if the
   *     model reads or gives another number of values. A score that is not finite agrees with
   *     itself only.
   */
  public Optional<String> firstDifference(Predictor predictor, double tolerance) {
    double[] actual = new double[scores[0].length];
    Schema schema = predictor.schema();
    if (schema.width() != rows[0].length || schema.outputs() != actual.length) {
      return Optional.of("golden rows have " + rows[0].length + " values and " + actual.length
          + " scores, the model reads " + schema.width() + " and gives " + schema.outputs());
    }
    for (int i = 0; i < rows.length; i++) {
      predictor.predict(rows[i], actual);
      for (int k = 0; k < actual.length; k++) {
        double expected = scores[i][k];
        boolean same = Double.compare(expected, actual[k]) == 0
            || (Double.isFinite(expected)
                && Math.abs(expected - actual[k]) <= tolerance * Math.max(1, Math.abs(expected)));
        if (!same) {
          return Optional.of(
              "golden row " + i + ", score " + k + ": recorded " + expected + ", now " + actual[k]);
        }
      }
    }
    return Optional.empty();
  }
}
