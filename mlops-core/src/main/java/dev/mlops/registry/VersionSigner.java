package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.internal.Manifest;
import dev.mlops.secret.SecretSource;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * Signs versions with an Ed25519 key (RFC 8032). What is signed is a text of everything that never
 * changes about a version: model, number, digest of the schema, files with digests and sizes,
 * metrics, lineage, run. Safe for use by several threads.
 */
public final class VersionSigner {
  private final String keyId;
  private final PrivateKey key;

  private VersionSigner(String keyId, PrivateKey key) {
    this.keyId = keyId;
    this.key = key;
  }

  /**
   * Creates a signer.
   *
   * @param keyId names the key, as trusted by readers
   * @param secrets where the key is kept
   * @param secretName names the secret: the private key as PKCS#8 in Base64
   * @return the signer
   * @throws dev.mlops.error.NotFoundException if there is no such secret
   * @throws InvalidInputException if the secret is no Ed25519 key; the message does not show it
   */
  public static VersionSigner ed25519(String keyId, SecretSource secrets, String secretName) {
    requireNonNull(keyId, "keyId");
    try {
      byte[] encoded =
          Base64.getDecoder().decode(secrets.get(secretName).value().strip());
      PrivateKey key =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return new VersionSigner(keyId, key);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new InvalidInputException(
          "secret '" + secretName + "' is no Ed25519 private key as PKCS#8 in Base64");
    }
  }

  /**
   * Signs a version.
   *
   * @param version the version, whose own signature is not looked at
   * @return the signature
   */
  public VersionSignature sign(ModelVersion version) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(Manifest.of(version));
      return new VersionSignature(keyId, Base64.getEncoder().encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("key '" + keyId + "' cannot sign", e);
    }
  }
}
