package dev.mlops.error;

import org.jspecify.annotations.Nullable;

/**
 * Stored bytes are not what was written: a digest, a length, a chain or a format does not hold.
 * Nothing was loaded.
 */
public non-sealed class CorruptException extends MlopsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the thing, the rule and the offending value
   */
  public CorruptException(String message) {
    super(message, null);
  }

  /**
   * Creates the exception with what caused it.
   *
   * @param message names the thing, the rule and the offending value
   * @param cause the underlying failure, or null if there is none
   */
  public CorruptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
