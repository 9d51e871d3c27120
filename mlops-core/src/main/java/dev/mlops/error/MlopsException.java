package dev.mlops.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything this module throws on purpose. Catch a subclass to act on one kind, this
 * class to act on all.
 *
 * <p>Messages name the thing, the rule and the offending value. They never contain a secret or a
 * customer's data beyond the one value that was refused.
 */
public abstract sealed class MlopsException extends RuntimeException
    permits ConflictException,
        CorruptException,
        ForbiddenException,
        InvalidInputException,
        NotFoundException,
        UnavailableException {
  private static final long serialVersionUID = 1L;

  MlopsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
