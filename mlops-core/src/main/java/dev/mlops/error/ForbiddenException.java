package dev.mlops.error;

/** The actor may not do this. Nothing was changed and nothing was returned. */
public non-sealed class ForbiddenException extends MlopsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message names the actor, the action and the thing
   */
  public ForbiddenException(String message) {
    super(message, null);
  }
}
