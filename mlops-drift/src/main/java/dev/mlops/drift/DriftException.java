package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The one exception this module throws on purpose; {@link #kind()} says what a caller can do about
 * it. Messages name the offending value and what was expected. Nothing was changed when it is
 * thrown. Immutable.
 */
public final class DriftException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What went wrong, in the few kinds a caller can act on. */
  public enum Kind {
    /** An argument breaks a stated rule: correct the input. */
    INVALID_INPUT,
    /** Stored bytes are not what was written: restore them from elsewhere. */
    CORRUPT,
    /** Two things that do not belong together, such as profiles of different baselines. */
    NOT_COMPARABLE
  }

  private DriftException(Kind kind, String message, @Nullable Throwable cause) {
    super(requireNonNull(message, "message"), cause);
    this.kind = kind;
  }

  /**
   * Makes an exception for an argument that breaks a rule.
   *
   * @param message names the value and what was expected
   * @return the exception, to be thrown
   */
  public static DriftException invalidInput(String message) {
    return new DriftException(Kind.INVALID_INPUT, message, null);
  }

  /**
   * Makes an exception for stored data that cannot be trusted.
   *
   * @param message names the data and what was expected
   * @param cause the failure underneath, or null
   * @return the exception, to be thrown
   */
  public static DriftException corrupt(String message, @Nullable Throwable cause) {
    return new DriftException(Kind.CORRUPT, message, cause);
  }

  /**
   * Makes an exception for two things that cannot be compared or merged.
   *
   * @param message names both
   * @return the exception, to be thrown
   */
  public static DriftException notComparable(String message) {
    return new DriftException(Kind.NOT_COMPARABLE, message, null);
  }

  /**
   * Returns what kind of failure this is.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }
}
