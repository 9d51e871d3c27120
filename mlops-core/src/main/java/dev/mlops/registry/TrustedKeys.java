package dev.mlops.registry;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.internal.Manifest;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** The Ed25519 keys whose signatures a reader believes. Immutable. */
public final class TrustedKeys {
  private final Map<String, PublicKey> keys;

  private TrustedKeys(Map<String, PublicKey> keys) {
    this.keys = keys;
  }

  /**
   * Reads keys.
   *
   * @param encoded public keys in X.509 form (SubjectPublicKeyInfo) in Base64, by key id
   * @return the keys
   * @throws InvalidInputException if one is no Ed25519 key
   */
  public static TrustedKeys of(Map<String, String> encoded) {
    var keys = new TreeMap<String, PublicKey>();
    encoded.forEach((id, text) -> {
      try {
        keys.put(
            id,
            KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text.strip()))));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new InvalidInputException(
            "key '" + id + "' is no Ed25519 public key as X.509 in Base64", e);
      }
    });
    return new TrustedKeys(keys);
  }

  /**
   * Checks a version's signature.
   *
   * @param version the version
   * @throws CorruptException if it has none, its key is not trusted or the signature is not right
   */
  public void require(ModelVersion version) {
    VersionSignature signature = version
        .signature()
        .orElseThrow(() -> new CorruptException(
            version.ref() + " is not signed; keys " + keys.keySet() + " are trusted"));
    PublicKey key = keys.get(signature.keyId());
    if (key == null) {
      throw new CorruptException(version.ref() + " is signed with key '" + signature.keyId()
          + "'; keys " + keys.keySet() + " are trusted");
    }
    if (!verifies(key, version, signature)) {
      throw new CorruptException("the signature of " + version.ref() + " with key '"
          + signature.keyId() + "' is not right");
    }
  }

  private static boolean verifies(PublicKey key, ModelVersion version, VersionSignature signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(Manifest.of(version));
      return verifier.verify(Base64.getDecoder().decode(signature.value()));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
