package dev.mlops.data.internal;

import java.util.Random;

/** Seeded chance. {@link Random} is used because its sequence is part of its specification. */
public final class Shuffle {
  private Shuffle() {}

  /**
   * Returns a generator; neighbouring seeds are scrambled so that they give unrelated sequences.
   */
  public static Random random(long seed) {
    return new Random(mix(seed));
  }

  /** Derives the seed of a named part from the seed of the whole. */
  public static long derive(long seed, long part) {
    return mix(seed + 0x9e3779b97f4a7c15L * (part + 1));
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Fisher and Yates. */
  public static void inPlace(int[] values, Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }
}
