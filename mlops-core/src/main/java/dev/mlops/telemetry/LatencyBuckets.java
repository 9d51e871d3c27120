package dev.mlops.telemetry;

/*
 * The scale of the latency histogram, in nanoseconds: one bucket per nanosecond below 512, then 512
 * equal buckets per power of two up to 2^40 ns (18 minutes; what is longer counts there). A bucket
 * is at most 1/512 of its value wide, so its middle is off by less than 0.1 %, as with
 * HdrHistogram at three digits. Pages of 512 buckets let a window hold only the powers of two that
 * occur.
 */
final class LatencyBuckets {
  static final int PAGE = 512;
  static final int PAGES = 32;
  private static final int SHIFT = 9;
  private static final int LAST = PAGES * PAGE - 1;

  private LatencyBuckets() {}

  /** Returns the bucket of a duration; negative ones count as zero. */
  static int of(long nanos) {
    if (nanos < PAGE) {
      return nanos < 0 ? 0 : (int) nanos;
    }
    int power = 63 - Long.numberOfLeadingZeros(nanos);
    int bucket = ((power - SHIFT + 1) << SHIFT) + (int) ((nanos >>> (power - SHIFT)) & (PAGE - 1));
    return Math.min(bucket, LAST);
  }

  /** Returns the middle of a bucket. */
  static long middle(int bucket) {
    if (bucket < PAGE) {
      return bucket;
    }
    int shift = (bucket >>> SHIFT) - 1;
    long low = (long) (PAGE + (bucket & (PAGE - 1))) << shift;
    return low + (1L << shift) / 2;
  }
}
