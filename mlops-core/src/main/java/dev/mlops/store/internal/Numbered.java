package dev.mlops.store.internal;

/**
 * Names of objects that follow one another: 20 digits and {@code .json}. Without regular
 * expressions, as every poll makes and reads one.
 */
public final class Numbered {
  private static final String SUFFIX = ".json";
  private static final int DIGITS = 20;
  private static final int LENGTH = DIGITS + SUFFIX.length();
  private static final long MAX = 999_999_999_999_999_999L;

  private Numbered() {}

  /** Returns the name of an object, such as {@code 00000000000000000042.json}. */
  public static String name(long number) {
    return digits(number) + SUFFIX;
  }

  /** Returns a number with 20 digits. */
  public static String digits(long number) {
    if (number < 0 || number > MAX) {
      throw new IllegalArgumentException("numbers go from 0 to " + MAX + ", got " + number);
    }
    String text = Long.toString(number);
    return "0".repeat(DIGITS - text.length()) + text;
  }

  /** Reads the last segment of a key: its number, or -1 if it is no such name. */
  static long number(String key) {
    int start = key.length() - LENGTH;
    if (start <= 0 || key.charAt(start - 1) != '/' || !key.endsWith(SUFFIX)) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < DIGITS && number >= 0; i++) {
      number = next(number, i, key.charAt(start + i));
    }
    return number;
  }

  /** Reads 20 digits; -1 if they are not that. */
  static long parse(byte[] bytes, int start) {
    long number = 0;
    for (int i = 0; i < DIGITS && number >= 0; i++) {
      number = next(number, i, bytes[start + i]);
    }
    return number;
  }

  private static long next(long number, int place, int character) {
    int digit = character - '0';
    boolean fits = digit >= 0 && digit <= 9 && (place > 1 || digit == 0); // 18 fit into a long
    return fits ? number * 10 + digit : -1;
  }
}
