package dev.mlops.data.internal;

/** What counts as a number in a text file: decimal notation only, and finite. */
public final class Numbers {
  private Numbers() {}

  /** Tells whether the text is a finite number such as {@code -1}, {@code .5} or {@code 2e-3}. */
  public static boolean isNumber(String text) {
    return !Double.isNaN(parse(text));
  }

  /**
   * Parses a number. Java's own notation accepts more than files should mean by a number (hex
   * floats, {@code 1d}, {@code Infinity}), so the form is checked first.
   *
   * @return the number, or {@code NaN} if the text is none or not finite
   */
  public static double parse(String text) {
    int end = text.length();
    int i = 0;
    if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      i++;
    }
    int from = i;
    i = digits(text, i);
    int digits = i - from;
    if (i < end && text.charAt(i) == '.') {
      int fraction = ++i;
      i = digits(text, i);
      digits += i - fraction;
    }
    if (digits == 0) {
      return Double.NaN;
    }
    if (i < end && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
        i++;
      }
      int exponent = i;
      i = digits(text, i);
      if (i == exponent) {
        return Double.NaN;
      }
    }
    if (i != end) {
      return Double.NaN;
    }
    double value = Double.parseDouble(text);
    return Double.isInfinite(value) ? Double.NaN : value;
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
