package dev.mlops.model.internal;

import java.util.stream.LongStream;

/**
 * A set of numbers that tells at once of most others that they are not in it: a blocked Bloom
 * filter (Putze, Sanders, Singler, "Cache-, hash- and space-efficient Bloom filters", 2007) with
 * blocks of one word and two bits per number. One to five other numbers in a thousand are taken for
 * members.
 */
final class CodeFilter {
  private static final long HASH = 0x9e37_79b9_7f4a_7c15L; // 2^64 over the golden ratio
  private static final long[] BIT =
      LongStream.range(0, Long.SIZE).map(bit -> 1L << bit % 63).toArray(); // never the sign

  private final long[] words;

  /** Creates an empty set for so many numbers: one word for each, or for two. */
  CodeFilter(int codes) {
    this.words = new long[Integer.highestOneBit(codes + 1)];
  }

  void add(long code) {
    words[block(code)] |= bits(code);
  }

  /** Returns a negative number for every member and for few others. */
  long test(long code) {
    return (bits(code) & ~words[block(code)]) - 1;
  }

  private int block(long code) {
    return (int) (code * HASH >>> 40) & words.length - 1;
  }

  private static long bits(long code) {
    long hash = code * HASH;
    return BIT[(int) (hash >>> 34) & 63] | BIT[(int) (hash >>> 28) & 63];
  }
}
