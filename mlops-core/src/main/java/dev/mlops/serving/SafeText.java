package dev.mlops.serving;

/** Text of others made fit for one line of a log. Stateless. */
final class SafeText {

  private SafeText() {}

  /** Puts a question mark for what moves a cursor or ends a line, and cuts to a length. */
  static String of(String text, int longest) {
    var safe = new StringBuilder(Math.min(text.length(), longest) + 1);
    text.codePoints()
        .limit(longest)
        .map(c -> Character.isISOControl(c) || isHidden(c) ? '?' : c)
        .forEach(safe::appendCodePoint);
    return text.codePointCount(0, text.length()) > longest
        ? safe.append('…').toString()
        : safe.toString();
  }

  private static boolean isHidden(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
