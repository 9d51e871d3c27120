package dev.mlops.store.internal;

import dev.mlops.error.CorruptException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON object whose last field is the SHA-256 of every byte before that field. It stays valid
 * JSON, and no bit of it can change unnoticed.
 */
public final class Sealed {
  private static final byte[] OPENING = ",\"sha256\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSING = "\"}".getBytes(StandardCharsets.US_ASCII);
  private static final int HEX_LENGTH = 64;
  private static final int SEAL_LENGTH = OPENING.length + HEX_LENGTH + CLOSING.length;

  private Sealed() {}

  /** Seals a non-empty JSON object. */
  public static byte[] seal(byte[] json) {
    int body = json.length - 1;
    if (body < 2 || json[0] != '{' || json[body] != '}') {
      throw new IllegalArgumentException("only a non-empty JSON object can be sealed");
    }
    byte[] sealed = Arrays.copyOf(json, body + SEAL_LENGTH);
    byte[] hex = Digests.sha256(json, body).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(OPENING, 0, sealed, body, OPENING.length);
    System.arraycopy(hex, 0, sealed, body + OPENING.length, HEX_LENGTH);
    System.arraycopy(CLOSING, 0, sealed, body + OPENING.length + HEX_LENGTH, CLOSING.length);
    return sealed;
  }

  /** Returns the bytes if the seal holds. */
  public static byte[] require(String key, byte[] sealed) {
    int body = sealed.length - SEAL_LENGTH;
    int hex = body + OPENING.length;
    if (body < 2
        || sealed[0] != '{'
        || !Arrays.equals(sealed, body, hex, OPENING, 0, OPENING.length)
        || !Arrays.equals(sealed, hex + HEX_LENGTH, sealed.length, CLOSING, 0, CLOSING.length)) {
      throw new CorruptException(key + " does not end in its seal (" + sealed.length + " bytes)");
    }
    String expected = new String(sealed, hex, HEX_LENGTH, StandardCharsets.ISO_8859_1);
    String actual = Digests.sha256(sealed, body);
    if (!expected.equals(actual)) {
      throw new CorruptException(key + " has SHA-256 " + actual + ", its seal says " + expected);
    }
    return sealed;
  }
}
