package dev.mlops.telemetry;

import dev.mlops.error.InvalidInputException;
import java.time.Duration;
import java.util.Optional;

/**
 * How long the calls of a window took, failed ones included. A quantile is off by less than 0.1 %
 * of its value (1 ns below 512 ns); what takes longer than 18 minutes counts as that. Immutable.
 */
public final class WindowLatencies {
  private final long[] counts;
  private final long total;

  WindowLatencies(long[] counts) {
    this.counts = counts;
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    this.total = sum;
  }

  /**
   * Returns how many calls were timed.
   *
   * @return the number of calls
   */
  public long count() {
    return total;
  }

  /**
   * Returns the smallest duration that at least a share {@code q} of the calls did not exceed, the
   * nearest rank {@code ceil(q·n)} (Hyndman and Fan 1996, type 1).
   *
   * @param q the share, above 0 and up to 1: 0.95 for P95
   * @return the quantile; empty without calls
   * @throws InvalidInputException if {@code q} is outside (0, 1]
   */
  public Optional<Duration> quantile(double q) {
    requireShare(q);
    if (total == 0) {
      return Optional.empty();
    }
    long rank = Math.max(1, (long) Math.ceil(q * total));
    int bucket = 0;
    for (long seen = counts[0]; seen < rank; seen += counts[bucket]) {
      bucket++;
    }
    return Optional.of(Duration.ofNanos(LatencyBuckets.middle(bucket)));
  }

  /**
   * Returns the median.
   *
   * @return the 50th percentile; empty without calls
   */
  public Optional<Duration> p50() {
    return quantile(0.5);
  }

  /**
   * Returns the 95th percentile.
   *
   * @return the 95th percentile; empty without calls
   */
  public Optional<Duration> p95() {
    return quantile(0.95);
  }

  /**
   * Returns the 99th percentile.
   *
   * @return the 99th percentile; empty without calls
   */
  public Optional<Duration> p99() {
    return quantile(0.99);
  }

  static double requireShare(double q) {
    if (!(q > 0 && q <= 1)) {
      throw new InvalidInputException("a quantile must be in (0, 1], got " + q);
    }
    return q;
  }
}
