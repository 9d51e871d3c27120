package dev.mlops.tracking;

import static java.util.Objects.requireNonNull;

/**
 * A file that a run kept. Immutable.
 *
 * @param name the file's name
 * @param sha256 the SHA-256 of the content in lower-case hexadecimal
 * @param size the length in bytes
 */
public record RunArtifact(String name, String sha256, long size) {
  /** Creates an artifact record. */
  public RunArtifact {
    requireNonNull(name, "name");
    requireNonNull(sha256, "sha256");
  }
}
