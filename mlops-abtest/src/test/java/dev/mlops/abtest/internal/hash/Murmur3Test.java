package dev.mlops.abtest.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Murmur3Test {
  @Test
  void hash32_ofSmHasherKeys_hasThePublishedVerificationValue() {
    // SMHasher VerificationTest: hash {}, {0}, {0,1}, ... with seed 256 - length, then hash the
    // hashes.
    ByteBuffer hashes = ByteBuffer.allocate(256 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int length = 0; length < 256; length++) {
      byte[] key = new byte[length];
      for (int i = 0; i < length; i++) {
        key[i] = (byte) i;
      }
      hashes.putInt(Murmur3.hash32(key, 256 - length));
    }

    assertThat(Murmur3.hash32(hashes.array(), 0)).isEqualTo(0xB0F57EE3);
  }

  @Test
  void hash32_ofString_equalsHashOfItsUtf8Bytes() {
    long seed = 20260901;
    Random random = new Random(seed);
    for (int n = 0; n < 200_000; n++) {
      String text = randomText(random);
      int hashSeed = random.nextInt();

      int expected = Murmur3.hash32(text.getBytes(StandardCharsets.UTF_8), hashSeed);

      assertThat(Murmur3.hash32(text, hashSeed)).as("seed %s case %s", seed, n).isEqualTo(expected);
    }
  }

  @Test
  void bucket_atTheEdges_staysInRange() {
    int[] totals = {1, 2, 3, 100, 10_000, Integer.MAX_VALUE};
    for (int total : totals) {
      assertThat(Murmur3.bucket(0, total)).isZero();
      assertThat(Murmur3.bucket(1, total)).isZero();
      assertThat(Murmur3.bucket(0x7fffffff, total)).isEqualTo((int) ((total - 1L) / 2));
      assertThat(Murmur3.bucket(0x80000000, total)).isEqualTo(total / 2);
      assertThat(Murmur3.bucket(0xffffffff, total)).isEqualTo(total - 1);
    }
  }

  static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(24);
    int mode = random.nextInt(5);
    for (int i = 0; i < length; i++) {
      int bound = new int[] {0x80, 0x800, 0x10000, 0x10000, 0x10000}[mode];
      if (mode == 3 && random.nextBoolean()) {
        text.append((char) (0xd800 + random.nextInt(0x800)));
      } else if (mode == 4 && random.nextBoolean()) {
        text.appendCodePoint(0x10000 + random.nextInt(0x100000));
      } else {
        text.append((char) random.nextInt(bound));
      }
    }
    return text.toString();
  }
}
