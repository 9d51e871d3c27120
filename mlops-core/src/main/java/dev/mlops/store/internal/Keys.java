package dev.mlops.store.internal;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.Locale;
import java.util.Set;

/** The grammar of keys. */
public final class Keys {
  private static final int MAX_LENGTH = 900;
  private static final int MAX_SEGMENT = 255;
  private static final String SEGMENT = "[A-Za-z0-9][A-Za-z0-9._-]{0,254}";
  private static final Set<String> WINDOWS_DEVICES = Set.of(
      "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
      "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

  private Keys() {}

  public static String requireKey(String key) {
    requireNonNull(key, "key");
    if (key.length() > MAX_LENGTH) {
      throw new InvalidInputException(
          "a key has at most " + MAX_LENGTH + " characters, got " + key.length());
    }
    for (int start = 0; start <= key.length(); ) {
      int slash = key.indexOf('/', start);
      int end = slash < 0 ? key.length() : slash;
      if (!isSegment(key, start, end)) {
        String segment = key.substring(start, end);
        throw new InvalidInputException("each segment of a key must match " + SEGMENT
            + ", not end in a dot and not be a device name, got '" + segment + "' in '" + key
            + "'");
      }
      start = end + 1;
    }
    return key;
  }

  /** Every read checks its key, so no regular expression here. */
  private static boolean isSegment(String key, int start, int end) {
    if (start == end
        || end - start > MAX_SEGMENT
        || !isLetterOrDigit(key.charAt(start))
        || key.charAt(end - 1) == '.') {
      return false;
    }
    for (int i = start + 1; i < end; i++) {
      char c = key.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    int dot = key.indexOf('.', start);
    int stem = (dot < 0 || dot > end ? end : dot) - start;
    return stem < 3
        || stem > 4
        || !WINDOWS_DEVICES.contains(key.substring(start, start + stem).toLowerCase(Locale.ROOT));
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  public static String requirePrefix(String prefix) {
    if (requireNonNull(prefix, "prefix").isEmpty()) {
      return prefix;
    }
    if (!prefix.endsWith("/")) {
      throw new InvalidInputException("a prefix is empty or ends in '/', got '" + prefix + "'");
    }
    requireKey(prefix.substring(0, prefix.length() - 1));
    return prefix;
  }
}
