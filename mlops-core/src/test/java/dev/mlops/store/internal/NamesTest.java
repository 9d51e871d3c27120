package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\nb", "\u0000", "a\u007f", "\tx"})
  void nameWithoutAPrintableCharacter_isRefused(String name) {
    assertThatThrownBy(() -> Names.requireEntry("tag", name, "x"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("a tag name has 1 to 250 printable characters, got '" + name + "'");
  }

  @Test
  void lengths_areLimited() {
    assertThatCode(() -> Names.requireEntry("tag", "n".repeat(250), "t".repeat(8192)))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> Names.requireEntry("tag", "n".repeat(251), "x"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("got '" + "n".repeat(250) + "'");
    assertThatThrownBy(() -> Names.requireEntry("tag", "owner", "t".repeat(8193)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("tag 'owner' has 8193 characters, at most 8192 are accepted");
  }

  @Test
  void spacesAndOtherScripts_areAllowed() {
    assertThatCode(() -> Names.requireEntry("metric", "Genauigkeit (größer) 精度", ""))
        .doesNotThrowAnyException();
  }
}
