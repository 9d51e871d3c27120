package dev.mlops.abtest.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything this module throws on purpose. Catch a nested kind to act on one cause,
 * this class to act on all. Messages name the thing, the rule and the offending value, and never a
 * customer's data beyond the one value that was refused.
 */
public abstract sealed class AbTestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private AbTestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** An argument, a configuration or a data set breaks a stated rule. Nothing was changed. */
  public static final class InvalidInput extends AbTestException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message names the thing, the rule and the offending value
     */
    public InvalidInput(String message) {
      super(message, null);
    }

    /**
     * Creates the exception with what caused it.
     *
     * @param message names the thing, the rule and the offending value
     * @param cause the underlying failure
     */
    public InvalidInput(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A change contradicts what is already running, for example new weights in an old epoch. */
  public static final class Conflict extends AbTestException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message names the thing, what it is and what was asked for
     */
    public Conflict(String message) {
      super(message, null);
    }
  }

  /** A file does not say what its format promises. */
  public static final class Corrupt extends AbTestException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message names the file, the rule and where it is broken
     * @param cause the underlying failure, or null if there is none
     */
    public Corrupt(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** A file or store cannot be reached now; trying again later may work. */
  public static final class Unavailable extends AbTestException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message names the resource and what was attempted
     * @param cause the underlying failure, or null if there is none
     */
    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
