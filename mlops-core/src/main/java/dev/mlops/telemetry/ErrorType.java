package dev.mlops.telemetry;

import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.ForbiddenException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;

/*
 * The values of error.type. They are few and known in advance, so that each has a series that begins
 * at zero: a rate cannot see the first failure of a kind whose series begins with it.
 */
enum ErrorType {
  INVALID_INPUT(Telemetry.INVALID_INPUT),
  UNAVAILABLE("unavailable"),
  CORRUPT("corrupt"),
  NOT_FOUND("not_found"),
  CONFLICT("conflict"),
  FORBIDDEN("forbidden"),
  OTHER("_OTHER"); // OpenTelemetry's own word for what has no value of its own

  final String value;

  ErrorType(String value) {
    this.value = value;
  }

  static ErrorType of(Throwable cause) {
    if (cause instanceof InvalidInputException) {
      return INVALID_INPUT;
    }
    if (cause instanceof UnavailableException) {
      return UNAVAILABLE;
    }
    if (cause instanceof CorruptException) {
      return CORRUPT;
    }
    if (cause instanceof NotFoundException) {
      return NOT_FOUND;
    }
    if (cause instanceof ConflictException) {
      return CONFLICT;
    }
    return cause instanceof ForbiddenException ? FORBIDDEN : OTHER;
  }
}
