package dev.mlops.model;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.error.MlopsException;
import java.util.Arrays;

/** Any bytes are golden rows that write back to the same bytes, or are refused. */
class GoldenRowsFuzz {
  @FuzzTest(maxDuration = "10m")
  void parse(byte[] data) {
    try {
      GoldenRows rows = GoldenRows.parse(data);
      if (!Arrays.equals(rows.toFile().content(), data)) {
        throw new AssertionError("changed by a round trip");
      }
    } catch (MlopsException expected) {
      // a typed refusal is an answer
    }
  }
}
