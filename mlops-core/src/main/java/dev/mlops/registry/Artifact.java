package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelRef;
import java.util.regex.Pattern;

/**
 * One file of a version as the log records it. The content lies under its digest, so it cannot be
 * replaced. Immutable.
 *
 * @param name unique within the version
 * @param format the format's short name, for a model the one that reads it
 * @param sha256 the SHA-256 of the content in lower-case hexadecimal
 * @param size the length in bytes
 */
public record Artifact(String name, String format, String sha256, long size) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Creates an artifact record. */
  public Artifact {
    ModelRef.requireName("artifact", name);
    requireNonNull(format, "format");
    if (!SHA256.matcher(sha256).matches()) {
      throw new InvalidInputException(
          "artifact '" + name + "' needs a SHA-256 in lower-case hex, got '" + sha256 + "'");
    }
    if (size < 0) {
      throw new InvalidInputException("artifact '" + name + "' has negative size " + size);
    }
  }
}
