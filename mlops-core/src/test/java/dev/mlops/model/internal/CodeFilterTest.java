package dev.mlops.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeFilterTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 10_000, 300_000})
  void test_members_areAllFound(int count) {
    long[] codes = new Random(count).longs(count).toArray();
    CodeFilter filter = filter(codes);

    assertThat(LongStream.of(codes)).allMatch(code -> filter.test(code) < 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 10_000, 300_000})
  void test_others_areRarelyFound(int count) {
    CodeFilter filter =
        filter(new Random(1).longs(count).map(code -> code & ~64).toArray());

    long found = new Random(2)
        .longs(1_000_000)
        .map(code -> code | 64)
        .filter(code -> filter.test(code) < 0)
        .count();

    assertThat(found).isLessThan(5_000);
  }

  @Test
  void test_emptySet_findsNothing() {
    var filter = new CodeFilter(0);

    assertThat(LongStream.range(-1000, 1000)).noneMatch(code -> filter.test(code) < 0);
  }

  private static CodeFilter filter(long[] codes) {
    var filter = new CodeFilter(codes.length);
    for (long code : codes) {
      filter.add(code);
    }
    return filter;
  }
}
