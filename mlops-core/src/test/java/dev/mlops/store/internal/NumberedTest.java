package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberedTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 10, 42, 999_999_999_999_999_999L})
  void name_isReadBack(long number) {
    String name = Numbered.name(number);

    assertThat(name).matches("00[0-9]{18}\\.json");
    assertThat(Numbered.number("log/" + name)).isEqualTo(number);
    assertThat(Numbered.number("/" + name)).isEqualTo(number);
    assertThat(Numbered.number(name)).isEqualTo(-1); // a key has a directory
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "log/0000000000000000042.json",
        "log/000000000000000000042.json",
        "log/00000000000000000042.jsox",
        "log/0000000000000000004x.json",
        "log/0000000000000000004/.json",
        "log/0000000000000000004:.json",
        "log/10000000000000000042.json",
        "log/01000000000000000042.json",
        "log-00000000000000000042.json",
        "x"
      })
  void otherName_isNone(String key) {
    assertThat(Numbered.number(key)).isEqualTo(-1);
  }

  @Test
  void numbersOutOfRange_areRefused() {
    assertThatThrownBy(() -> Numbered.digits(-1)).hasMessageContaining("got -1");
    assertThatThrownBy(() -> Numbered.digits(1_000_000_000_000_000_000L))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
