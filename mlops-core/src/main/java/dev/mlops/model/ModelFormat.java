package dev.mlops.model;

import dev.mlops.data.Schema;

/**
 * Reads models stored in one file format. Found with {@link java.util.ServiceLoader}, so that
 * serving needs to know no training library. Safe for use by several threads.
 */
public interface ModelFormat {

  /**
   * Names the format, as recorded beside the artifact of a version.
   *
   * @return a short name such as {@code "flat"}, {@code "tribuo"} or {@code "onnx"}
   */
  String name();

  /**
   * Tells whether everything that the format needs is there. A format of an optional dependency
   * says no where the dependency is missing, and is then not offered.
   *
   * @return true if models can be read
   */
  default boolean available() {
    return true;
  }

  /**
   * Parses a model. The caller has already compared the bytes with their recorded digest.
   *
   * @param content the whole artifact
   * @param schema the signature recorded with the version
   * @return the model, ready to answer
   * @throws dev.mlops.error.CorruptException if the bytes are not a model of this format, or of
   *     another schema; the version is not served then
   * @throws dev.mlops.error.InvalidInputException if the model is sound but uses what this reader
   *     does not support; another file of the version may serve instead
   */
  Predictor read(byte[] content, Schema schema);
}
