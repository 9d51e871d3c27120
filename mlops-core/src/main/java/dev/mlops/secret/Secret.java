package dev.mlops.secret;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that must not be shown: {@link #toString()} does not. Immutable. */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /**
   * Wraps a secret.
   *
   * @param value the secret text
   * @return the secret
   */
  public static Secret of(String value) {
    return new Secret(requireNonNull(value, "value"));
  }

  /**
   * Returns the text, to be used and not to be kept.
   *
   * @return the secret text
   */
  public String value() {
    return value;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Secret other && MessageDigest.isEqual(bytes(), other.bytes());
  }

  private byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int hashCode() {
    return Secret.class.hashCode(); // equal for all, so that a hash tells nothing
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
