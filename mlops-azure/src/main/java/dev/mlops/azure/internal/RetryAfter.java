package dev.mlops.azure.internal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After}: seconds or a date, RFC 9110 section 10.2.3. */
public final class RetryAfter {
  private static final long MOST_SECONDS = 86_400;

  private RetryAfter() {}

  /** How long to wait, at most a day; empty if the header is missing or neither of both. */
  public static Optional<Duration> parse(@Nullable String header, Instant now) {
    if (header == null) {
      return Optional.empty();
    }
    String text = header.trim();
    try {
      long seconds = text.matches("\\d{1,18}")
          ? Long.parseLong(text)
          : Duration.between(
                  now,
                  ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                      .toInstant())
              .plusMillis(999)
              .toSeconds();
      return Optional.of(Duration.ofSeconds(Math.max(0, Math.min(MOST_SECONDS, seconds))));
    } catch (DateTimeException neither) {
      return Optional.empty();
    }
  }
}
