package dev.mlops.mlflow.internal;

/** What was asked cannot be mirrored as it is; the rest may be. Never leaves the mirror. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
