package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

/**
 * An Ed25519 signature over everything of a version that never changes. Immutable.
 *
 * @param keyId which key signed
 * @param value the signature in Base64
 */
public record VersionSignature(String keyId, String value) {
  /** Creates a signature record. */
  public VersionSignature {
    requireNonNull(keyId, "keyId");
    requireNonNull(value, "value");
  }
}
