package dev.mlops.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyBucketsTest {

  @Test
  void middle_ofAnyDuration_isWithinATenthOfAPercent() {
    long seed = 20260101;
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 200_000; i++) {
      long nanos = random.nextLong(1L << random.nextInt(1, 41));
      double middle = LatencyBuckets.middle(LatencyBuckets.of(nanos));
      assertThat(Math.abs(middle - nanos))
          .as("seed %s, %s ns", seed, nanos)
          .isLessThanOrEqualTo(nanos / 1000.0);
    }
  }

  @Test
  void of_growingDurations_neverGoesBack() {
    int before = 0;
    for (long nanos = 0; nanos < 1L << 41; nanos += 1 + nanos / 2000) {
      int bucket = LatencyBuckets.of(nanos);
      assertThat(bucket).isBetween(before, before + 1);
      before = bucket;
    }
    assertThat(before).isEqualTo(LatencyBuckets.PAGES * LatencyBuckets.PAGE - 1);
  }

  @Test
  void of_extremes_staysInRange() {
    int last = LatencyBuckets.PAGES * LatencyBuckets.PAGE - 1;
    assertThat(LatencyBuckets.of(-1)).isZero();
    assertThat(LatencyBuckets.of(Long.MIN_VALUE)).isZero();
    assertThat(LatencyBuckets.of(Long.MAX_VALUE)).isEqualTo(last);
    assertThat(LatencyBuckets.of((1L << 40) - 1)).isEqualTo(last);
  }
}
