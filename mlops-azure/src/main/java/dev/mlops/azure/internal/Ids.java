package dev.mlops.azure.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Ids that Cosmos DB accepts: it refuses slashes, question marks and more than 1,023 bytes. */
public final class Ids {
  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,199}");

  private Ids() {}

  /** The text itself where that is accepted, else its SHA-256. */
  public static String document(String text) {
    return ACCEPTED.matcher(text).matches() ? text : digest(text);
  }

  /** The SHA-256 of a text in hexadecimal. */
  public static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
