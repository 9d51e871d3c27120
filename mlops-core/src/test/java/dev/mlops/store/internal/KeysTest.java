package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.store.ObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "z",
        "A",
        "Z",
        "0",
        "9",
        "a/b/c",
        "a.b",
        "a_b",
        "a-b",
        "azAZ09._-x",
        "co",
        "conn",
        "com",
        "com10",
        "lpt",
        "xcon",
        "a/console/b",
        "nul0",
        "auxx.txt"
      })
  void key_isAccepted(String key) {
    assertThat(Keys.requireKey(key)).isSameAs(key);
    assertThat(ObjectStore.requireKey(key)).isSameAs(key);
    assertThat(Keys.requirePrefix(key + "/")).isEqualTo(key + "/");
    assertThat(ObjectStore.requirePrefix(key + "/")).isEqualTo(key + "/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        ".",
        "..",
        "a/../b",
        ".a",
        "_a",
        "-a",
        "a.",
        "a/b./c",
        "a b",
        "a:b",
        "a\\b",
        "a@",
        "a[",
        "a`",
        "a{",
        "a/",
        "aé",
        "é",
        "@",
        "[",
        "`",
        "{",
        ":",
        "CON",
        "con.txt",
        "a/nul/b",
        "lpt9.a.b",
        "Com1"
      })
  void key_isRefused(String key) {
    assertThatThrownBy(() -> Keys.requireKey(key))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("in '" + key + "'");
  }

  @Test
  void lengths_areLimited() {
    String segment = "s".repeat(255);
    String longest = (segment + "/").repeat(3) + "t".repeat(132);
    assertThat(Keys.requireKey(longest)).hasSize(900);
    assertThatThrownBy(() -> Keys.requireKey(longest + "t"))
        .hasMessage("a key has at most 900 characters, got 901");
    assertThatThrownBy(() -> Keys.requireKey(segment + "s"))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void prefix_isEmptyOrEndsInASlash() {
    assertThat(Keys.requirePrefix("")).isEmpty();
    assertThatThrownBy(() -> Keys.requirePrefix("a"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a prefix is empty or ends in '/', got 'a'");
    assertThatThrownBy(() -> Keys.requirePrefix("/")).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Keys.requirePrefix("a/../")).isInstanceOf(InvalidInputException.class);
  }
}
