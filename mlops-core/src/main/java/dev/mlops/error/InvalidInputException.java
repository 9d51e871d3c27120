package dev.mlops.error;

import org.jspecify.annotations.Nullable;

/** An argument, a file or a row breaks a stated rule. Nothing was changed; correct the input. */
public non-sealed class InvalidInputException extends MlopsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the thing, the rule and the offending value
   */
  public InvalidInputException(String message) {
    super(message, null);
  }

  /**
   * Creates the exception with what caused it.
   *
   * @param message names the thing, the rule and the offending value
   * @param cause the underlying failure, or null if there is none
   */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
