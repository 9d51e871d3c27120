package dev.mlops.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeFilterTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 10_000, 300_000})
  void test_members_areAllFound(int count) {
    int[] codes = new Random(count).ints(count).toArray();
    CodeFilter filter = filter(codes);

    assertThat(IntStream.of(codes)).allMatch(code -> filter.test(code) < 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 10_000, 300_000})
  void test_others_areRarelyFound(int count) {
    CodeFilter filter = filter(new Random(1).ints(count).map(code -> code & ~64).toArray());

    long found = new Random(2)
        .ints(1_000_000)
        .map(code -> code | 64)
        .filter(code -> filter.test(code) < 0)
        .count();

    assertThat(found).isLessThan(5_000);
  }

  @Test
  void test_emptySet_findsNothing() {
    var filter = new CodeFilter(0);

    assertThat(IntStream.range(-1000, 1000)).noneMatch(code -> filter.test(code) < 0);
  }

  private static CodeFilter filter(int[] codes) {
    var filter = new CodeFilter(codes.length);
    for (int code : codes) {
      filter.add(code);
    }
    return filter;
  }
}
