package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.CorruptException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void seal_isTheDigestOfAllBeforeIt() {
    byte[] sealed = Sealed.seal(bytes("{\"a\":1}"));

    assertThat(new String(sealed, StandardCharsets.US_ASCII))
        .isEqualTo("{\"a\":1,\"sha256\":\"" + Digests.sha256(bytes("{\"a\":1")) + "\"}");
    assertThat(Sealed.require("k", sealed)).isSameAs(sealed);
  }

  @Test
  void sha256_isThatOfTheStandard() { // FIPS 180-4, example of "abc"
    assertThat(Digests.sha256(bytes("abc")))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        .matches(Digests.HEX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}", "[1]", "{\"a\":1", "\"a\":1}"})
  void whatIsNoFilledObject_isNotSealed(String text) {
    assertThatThrownBy(() -> Sealed.seal(bytes(text))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyFlippedBit_andEveryLength_isFound() {
    byte[] sealed = Sealed.seal(bytes("{\"a\":1}"));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Sealed.require("some/key", flipped))
          .isInstanceOf(CorruptException.class)
          .hasMessageStartingWith("some/key ");
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      byte[] tail = Arrays.copyOfRange(sealed, sealed.length - length, sealed.length);
      assertThatThrownBy(() -> Sealed.require("k", cut)).isInstanceOf(CorruptException.class);
      assertThatThrownBy(() -> Sealed.require("k", tail)).isInstanceOf(CorruptException.class);
    }
  }

  @Test
  void shortestObject_isReadBack_andASealWithoutAnObjectIsNot() {
    byte[] shortest = Sealed.seal(bytes("{1}")); // as bytes: whether it is JSON is not asked here
    assertThat(Sealed.require("k", shortest)).isSameAs(shortest);
    byte[] none = bytes("{,\"sha256\":\"" + Digests.sha256(bytes("{")) + "\"}");
    assertThatThrownBy(() -> Sealed.require("k", none))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("does not end in its seal");
  }
}
