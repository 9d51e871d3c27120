package dev.mlops.registry.internal;

import dev.mlops.error.CorruptException;
import dev.mlops.registry.Artifact;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Digests;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Content under its own digest. Safe for use by several threads. */
final class Blobs {
  static final String PREFIX = "blobs/sha256/";
  /** Where garbage collection keeps a copy for one more grace period. */
  static final String TRASH = "gc/trash/";

  private final ObjectStore store;

  Blobs(ObjectStore store) {
    this.store = store;
  }

  static String key(String digest) {
    return PREFIX + digest.substring(0, 2) + "/" + digest;
  }

  /** Stores content; does nothing if it is there already and intact. */
  void put(String digest, byte[] content) {
    String key = key(digest);
    while (!Backoff.retry(() -> store.putIfAbsent(key, content))) {
      Optional<byte[]> found = Backoff.retry(() -> store.get(key));
      if (found.isPresent()) {
        requireDigest(key, found.get(), digest);
        return;
      } // else it was collected in between: store it again
    }
  }

  /** Reads and verifies the content of an artifact. */
  byte[] read(Artifact artifact) {
    String key = key(artifact.sha256());
    Optional<byte[]> content = store.get(key, artifact.size());
    if (content.isEmpty()) {
      content = store.get(TRASH + artifact.sha256(), artifact.size());
      if (content.isEmpty()) {
        throw new CorruptException("the content of artifact '" + artifact.name() + "' is missing: "
            + key + " does not exist");
      }
    }
    byte[] bytes = content.get();
    if (bytes.length != artifact.size()) {
      throw new CorruptException(
          key + " has " + bytes.length + " bytes, " + artifact.size() + " are recorded");
    }
    return requireDigest(key, bytes, artifact.sha256());
  }

  static byte[] requireDigest(String key, byte[] content, String expected) {
    String actual = Digests.sha256(content);
    if (!MessageDigest.isEqual(
        actual.getBytes(StandardCharsets.US_ASCII), expected.getBytes(StandardCharsets.US_ASCII))) {
      throw new CorruptException(key + " has SHA-256 " + actual + ", recorded is " + expected);
    }
    return content;
  }
}
