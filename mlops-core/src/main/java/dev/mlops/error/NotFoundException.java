package dev.mlops.error;

import org.jspecify.annotations.Nullable;

/** The named thing does not exist. */
public non-sealed class NotFoundException extends MlopsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the thing, the rule and the offending value
   */
  public NotFoundException(String message) {
    super(message, null);
  }

  /**
   * Creates the exception with what caused it.
   *
   * @param message names the thing, the rule and the offending value
   * @param cause the underlying failure, or null if there is none
   */
  public NotFoundException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
