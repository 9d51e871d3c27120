package dev.mlops.registry.compare;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFile;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a version said about its test rows, kept with the version so that a later one can be
 * compared with it row by row. Immutable: arrays are copied in and out.
 */
public final class TestScores {
  /** The name of the artifact. */
  public static final String FILE_NAME = "test-scores";
  /** The format's short name. */
  public static final String FORMAT = "test-scores";

  private static final int MAGIC = 0x4d4c5453; // "MLTS"
  private static final int FORMAT_VERSION = 1;
  private static final int MAX_FINGERPRINT = 1024;

  private final double[] labels;
  private final double[] scores;
  private final String fingerprint;

  private TestScores(double[] labels, double[] scores, String fingerprint) {
    this.labels = labels;
    this.scores = scores;
    this.fingerprint = fingerprint;
  }

  /**
   * Keeps scores.
   *
   * @param labels the truth per row: 1 for the positive class and 0 for the other, or a quantity
   * @param scores the score of the positive class per row, or the predicted quantity
   * @param fingerprint identifies the rows and their order, such as the digest of the test table
   * @return the scores
   * @throws InvalidInputException if there are no rows, the lengths differ or a number is NaN
   */
  public static TestScores of(double[] labels, double[] scores, String fingerprint) {
    if (labels.length == 0 || labels.length != scores.length) {
      throw new InvalidInputException("test scores need as many labels as scores and at least one,"
          + " got " + labels.length + " and " + scores.length);
    }
    for (int i = 0; i < labels.length; i++) {
      if (Double.isNaN(labels[i]) || Double.isNaN(scores[i])) {
        throw new InvalidInputException(
            "test row " + i + " has label " + labels[i] + " and score " + scores[i]);
      }
    }
    if (requireNonNull(fingerprint, "fingerprint").getBytes(StandardCharsets.UTF_8).length
        > MAX_FINGERPRINT) {
      throw new InvalidInputException(
          "a fingerprint has at most " + MAX_FINGERPRINT + " bytes, got more");
    }
    return new TestScores(labels.clone(), scores.clone(), fingerprint);
  }

  /**
   * Reads scores.
   *
   * @param content bytes written by {@link #toFile()}
   * @return the scores
   * @throws CorruptException if the bytes are anything else
   */
  public static TestScores parse(byte[] content) {
    var in = ByteBuffer.wrap(content);
    try {
      if (in.getInt() != MAGIC) {
        throw new CorruptException("test scores do not start with their mark");
      }
      int version = in.getInt();
      if (version != FORMAT_VERSION) {
        throw new CorruptException(
            "test scores have format version " + version + ", this library reads 1");
      }
      int rows = in.getInt();
      int length = in.getInt();
      long expected = 16 + (long) length + 2L * Double.BYTES * rows;
      if (rows < 1 || length < 0 || length > MAX_FINGERPRINT || expected != content.length) {
        throw new CorruptException(
            "test scores say " + rows + " rows, but have " + content.length + " bytes");
      }
      byte[] fingerprint = new byte[length];
      in.get(fingerprint);
      double[] labels = new double[rows];
      double[] scores = new double[rows];
      in.asDoubleBuffer().get(labels).get(scores);
      return of(labels, scores, new String(fingerprint, StandardCharsets.UTF_8));
    } catch (BufferUnderflowException | InvalidInputException e) {
      throw new CorruptException("test scores are not readable: " + e.getMessage(), e);
    }
  }

  /**
   * Writes the scores.
   *
   * @return the file to register with the version
   */
  public ModelFile toFile() {
    byte[] text = fingerprint.getBytes(StandardCharsets.UTF_8);
    var out = ByteBuffer.allocate(16 + text.length + 2 * Double.BYTES * labels.length);
    out.putInt(MAGIC)
        .putInt(FORMAT_VERSION)
        .putInt(labels.length)
        .putInt(text.length)
        .put(text);
    out.asDoubleBuffer().put(labels).put(scores);
    return new ModelFile(FILE_NAME, FORMAT, out.array());
  }

  /**
   * Tells whether another version scored the very same rows.
   *
   * @param other the other version's scores
   * @return true if fingerprint and labels are equal
   */
  public boolean sameRows(TestScores other) {
    return fingerprint.equals(other.fingerprint) && Arrays.equals(labels, other.labels);
  }

  /**
   * Returns the truth.
   *
   * @return a copy, one label per row
   */
  public double[] labels() {
    return labels.clone();
  }

  /**
   * Returns the scores.
   *
   * @return a copy, one score per row
   */
  public double[] scores() {
    return scores.clone();
  }

  /**
   * Returns what identifies the rows.
   *
   * @return the fingerprint
   */
  public String fingerprint() {
    return fingerprint;
  }
}
