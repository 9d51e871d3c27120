package dev.mlops.store.internal;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The grammar of keys. */
public final class Keys {
  private static final int MAX_LENGTH = 900;
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
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
    for (String segment : key.split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches() || segment.endsWith(".") || isDevice(segment)) {
        throw new InvalidInputException("each segment of a key must match " + SEGMENT
            + ", not end in a dot and not be a device name, got '" + segment + "' in '" + key
            + "'");
      }
    }
    return key;
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

  private static boolean isDevice(String segment) {
    int dot = segment.indexOf('.');
    String stem = dot < 0 ? segment : segment.substring(0, dot);
    return WINDOWS_DEVICES.contains(stem.toLowerCase(Locale.ROOT));
  }
}
