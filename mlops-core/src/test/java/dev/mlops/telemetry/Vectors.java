package dev.mlops.telemetry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reference values that were taken from other programs; each file names its source. */
public final class Vectors {

  private Vectors() {}

  /** Reads a file of reference values. */
  public static JsonNode read(String name) {
    try (InputStream in = requireNonNull(Vectors.class.getResourceAsStream(name + ".json"))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
