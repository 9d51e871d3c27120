package dev.mlops.azure.internal;

import java.util.ArrayDeque;
import java.util.concurrent.TimeoutException;

/** Says in one line why something failed. */
public final class Failures {
  private static final int LONGEST = 300;

  private Failures() {}

  /** The innermost message that says something. */
  public static String reason(Throwable error) {
    ArrayDeque<Throwable> causes = new ArrayDeque<>();
    for (Throwable cause = error;
        cause != null && !causes.contains(cause);
        cause = cause.getCause()) {
      causes.push(cause);
    }
    for (Throwable cause : causes) {
      String message = cause.getMessage();
      if (cause instanceof TimeoutException) {
        return "it took too long";
      }
      if (message != null && !message.isBlank()) {
        return cause instanceof java.io.IOException
            ? cause.getClass().getSimpleName() + ": " + line(message)
            : line(message);
      }
    }
    return causes.isEmpty() ? "" : causes.getFirst().getClass().getSimpleName();
  }

  /** The beginning of a text, on one line. */
  public static String line(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
