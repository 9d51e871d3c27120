package dev.mlops.error;

import org.jspecify.annotations.Nullable;

/**
 * Somebody else changed the thing first, or it already exists with another content. Read it again
 * and decide.
 */
public non-sealed class ConflictException extends MlopsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the thing, the rule and the offending value
   */
  public ConflictException(String message) {
    super(message, null);
  }

  /**
   * Creates the exception with what caused it.
   *
   * @param message names the thing, the rule and the offending value
   * @param cause the underlying failure, or null if there is none
   */
  public ConflictException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
