package dev.mlops.error;

import org.jspecify.annotations.Nullable;

/**
 * A store or a service did not answer. Whether the last write was applied may be unknown; trying
 * again later can help.
 */
public non-sealed class UnavailableException extends MlopsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the thing, the rule and the offending value
   */
  public UnavailableException(String message) {
    super(message, null);
  }

  /**
   * Creates the exception with what caused it.
   *
   * @param message names the thing, the rule and the offending value
   * @param cause the underlying failure, or null if there is none
   */
  public UnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
