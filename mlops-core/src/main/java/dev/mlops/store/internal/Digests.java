package dev.mlops.store.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256 in lower-case hexadecimal. */
public final class Digests {
  /** What a digest looks like. */
  public static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private Digests() {}

  public static String sha256(byte[] content) {
    return sha256(content, content.length);
  }

  static String sha256(byte[] content, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(content, 0, length);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
