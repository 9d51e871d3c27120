package dev.mlops.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.CorruptException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgedGoldenRowsTest {
  private static byte[] header(int count, int width, int outputs, int bytes) {
    return ByteBuffer.allocate(20 + bytes)
        .putInt(0x4d4c4752)
        .putInt(1)
        .putInt(count)
        .putInt(width)
        .putInt(outputs)
        .array();
  }

  /** 2^30 rows of 2^31 numbers are 2^64 bytes, which a long takes for none. */
  @Test
  void parse_ofSizesWhoseProductOverflows_isCorrupt() {
    byte[] forged = header(1 << 30, 1 << 30, 1 << 30, 0);

    assertThatThrownBy(() -> GoldenRows.parse(forged))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("but have 20 bytes");
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,8", "1,1,1,17", "1,1,1,24", "0,1,1,0", "1,0,2,16", "1,2,0,16", "2,1,-1,0"})
  void parse_ofSizesThatDoNotFit_isCorrupt(int count, int width, int outputs, int bytes) {
    assertThatThrownBy(() -> GoldenRows.parse(header(count, width, outputs, bytes)))
        .isInstanceOf(CorruptException.class);
  }
}
