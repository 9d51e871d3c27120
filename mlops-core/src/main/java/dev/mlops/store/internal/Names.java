package dev.mlops.store.internal;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;

/** Rules for names and texts that people choose. */
public final class Names {
  private static final int MAX_NAME = 250;
  private static final int MAX_TEXT = 8192;

  private Names() {}

  /** Checks the name of a tag, metric, parameter or actor, and the text that goes with it. */
  public static void requireEntry(String kind, String name, String text) {
    if (requireNonNull(name, kind).isBlank() || name.length() > MAX_NAME || hasControl(name)) {
      throw new InvalidInputException("a " + kind + " name has 1 to " + MAX_NAME
          + " printable characters, got '" + name.substring(0, Math.min(name.length(), MAX_NAME))
          + "'");
    }
    if (requireNonNull(text, name).length() > MAX_TEXT) {
      throw new InvalidInputException(kind + " '" + name + "' has " + text.length()
          + " characters, at most " + MAX_TEXT + " are accepted");
    }
  }

  private static boolean hasControl(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
