package dev.mlops.store.internal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/** Reading of what {@link Instant#toString} writes. */
final class Instants {
  private static final String PATTERN = "0000-00-00T00:00:00";
  private static final int SECONDS_END = PATTERN.length();
  private static final int DAY = 86_400;

  private Instants() {}

  /**
   * Reads a time as {@link Instant#parse} does, in a tenth of the time if its year has four digits:
   * opening a log reads one for each event.
   *
   * @throws DateTimeException if it is none
   */
  static Instant parse(String text) {
    int length = text.length();
    int fraction = length - 1 - SECONDS_END;
    if (!startsLikePattern(text)
        || text.charAt(length - 1) != 'Z'
        || fraction == 1
        || fraction > 10
        || (fraction > 0 && text.charAt(SECONDS_END) != '.')) {
      return Instant.parse(text);
    }
    int nanos = 0;
    for (int i = 1; i < 10; i++) {
      int digit = i < fraction ? text.charAt(SECONDS_END + i) - '0' : 0;
      if (digit < 0 || digit > 9) {
        return Instant.parse(text);
      }
      nanos = nanos * 10 + digit;
    }
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      return Instant.parse(text); // 24:00 and leap seconds are its matter
    }
    long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
        .toEpochDay();
    return Instant.ofEpochSecond(day * DAY + hour * 3600 + minute * 60 + second, nanos);
  }

  private static boolean startsLikePattern(String text) {
    if (text.length() <= SECONDS_END) {
      return false;
    }
    for (int i = 0; i < SECONDS_END; i++) {
      char expected = PATTERN.charAt(i);
      char found = text.charAt(i);
      if (expected == '0' ? found < '0' || found > '9' : found != expected) {
        return false;
      }
    }
    return true;
  }

  private static int number(String text, int start, int end) {
    return Integer.parseInt(text, start, end, 10);
  }
}
