package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {
  private static final long SEED = 20260501;
  private static final long FIRST_SECOND =
      Instant.parse("-0002-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND =
      Instant.parse("+10002-01-01T00:00:00Z").getEpochSecond();

  private interface Parser {
    Instant parse(String text);
  }

  private static Optional<Instant> answer(Parser parser, String text) {
    try {
      return Optional.of(parser.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Test
  void parse_ofWhatInstantsWrite_isTheInstant() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < 20_000; i++) {
      int unit = new int[] {1, 1_000, 1_000_000, 1_000_000_000}[i % 4];
      Instant instant = Instant.ofEpochSecond(
          random.nextLong(FIRST_SECOND, LAST_SECOND), random.nextLong(1_000_000_000) / unit * unit);

      assertThat(Instants.parse(instant.toString()))
          .as("seed %s case %s", SEED, i)
          .isEqualTo(instant);
    }
  }

  @Test
  void parse_ofAnythingElse_answersAsThePlatformDoes() {
    var random = new SplittableRandom(SEED);
    String alphabet = "0123459TZ:-.+ z,";
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder("2026-02-28T23:59:59.123456Z");
      for (int k = random.nextInt(3); k >= 0; k--) {
        int at = random.nextInt(text.length());
        String piece = alphabet.substring(random.nextInt(16)).substring(0, random.nextInt(2));
        text.replace(at, at + random.nextInt(2), piece);
      }

      assertThat(answer(Instants::parse, text.toString()))
          .as("seed %s case %s: %s", SEED, i, text)
          .isEqualTo(answer(Instant::parse, text.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-05-01T10:00:00",
        "2026-05-01T10:00:00.Z",
        "2026-05-01T10:00:00.1234567890Z",
        "2026-05-01T10:00:00,5Z",
        "2026-05-01T24:00:00Z",
        "2026-05-01T23:59:60Z",
        "2026-05-01T23:60:00Z",
        "2026-02-29T10:00:00Z",
        "2024-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-05-01T10:00:00+01:00",
        "2026-05-01t10:00:00z",
        "+12026-05-01T10:00:00Z",
        "\u0662026-05-01T10:00:00Z",
        "2026-05-01T10:00:00.\u0661Z"
      })
  void parse_atTheEdges_answersAsThePlatformDoes(String text) {
    assertThat(answer(Instants::parse, text)).isEqualTo(answer(Instant::parse, text));
  }
}
