package dev.mlops.mlflow.internal;

import dev.mlops.store.internal.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/*
 * MLflow (mlflow/utils/validation.py) takes names of letters, digits, and _ . - / and space that
 * are paths in their shortest form. Any other character c is written _xHHHH_, its UTF-16 code in
 * hexadecimal, as in ECMA-376's ST_Xstring, and so is a _ before xHHHH; reading from left to right
 * gives the name back, so different names stay different. A name that is no such path loses its
 * slashes to the same form. What is too long then ends in 16 digits of the name's SHA-256.
 */

/** How names and texts from here are written in MLflow. */
final class MlflowNames {
  private static final String RESERVED = "mlops.";
  private static final int MAX_NAME = 250;
  private static final int MAX_ALIAS = 255;
  private static final int DIGEST = 16;
  private static final Pattern LOOKS_ESCAPED = Pattern.compile("_x[0-9A-Fa-f]{4}");
  private static final Pattern RESERVED_ALIAS = Pattern.compile("(?i)latest|v[0-9]+");

  private MlflowNames() {}

  /** The name of a parameter, a metric or a tag of ours. */
  static String entry(String name) {
    return path(name, c -> Character.isLetterOrDigit((char) c) || "_.- /".indexOf(c) >= 0);
  }

  /** The key of a user's tag; those that begin like ours are kept apart from ours. */
  static String userTag(String key) {
    return key.startsWith(RESERVED)
        ? shorten(key, escaped('m') + entry(key.substring(1)), MAX_NAME)
        : entry(key);
  }

  /** An alias: letters, digits, _ and -, but neither "latest" nor like the number of a version. */
  static String alias(String alias) {
    boolean reserved = RESERVED_ALIAS.matcher(alias).matches();
    String escaped = escape(
        alias, reserved, c -> c < 128 && Character.isLetterOrDigit(c) || "_-".indexOf(c) >= 0);
    return shorten(alias, escaped, MAX_ALIAS);
  }

  /** The path of a file; servers decode % and refuse # and paths that lead elsewhere. */
  static String file(String name) {
    return path(name, c -> !Character.isISOControl(c) && "%#\\:*?\"<>|".indexOf(c) < 0);
  }

  /** A text, with a mark at its end if it had to be cut. */
  static String text(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    String mark = " ... (" + text.length() + " characters)";
    int end = max - mark.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + mark;
  }

  private static String path(String name, IntPredicate allowed) {
    boolean plain = isShortest(name);
    String escaped = escape(
        name, !plain && name.startsWith("."), plain ? allowed : c -> c != '/' && allowed.test(c));
    return shorten(name, escaped, MAX_NAME);
  }

  private static boolean isShortest(String path) {
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return !path.startsWith("..");
  }

  private static String escape(String name, boolean first, IntPredicate allowed) {
    var looksEscaped = LOOKS_ESCAPED.matcher(name);
    var out = new StringBuilder(name.length() + 16);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean plain = allowed.test(c)
          && !(first && i == 0)
          && !(c == '_' && looksEscaped.region(i, name.length()).lookingAt());
      out.append(plain ? Character.toString(c) : escaped(c));
    }
    return out.toString();
  }

  private static String escaped(char c) {
    return String.format(Locale.ROOT, "_x%04X_", (int) c);
  }

  private static String shorten(String name, String escaped, int max) {
    if (escaped.length() <= max) {
      return escaped;
    }
    String digest = Digests.sha256(name.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST);
    return escaped.substring(0, max - DIGEST - 1) + "-" + digest;
  }
}
