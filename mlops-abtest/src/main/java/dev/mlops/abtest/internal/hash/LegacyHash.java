package dev.mlops.abtest.internal.hash;

/** The hash functions of other products, for taking over their assignments. */
public final class LegacyHash {
  private static final int UNLEASH_VARIANT_SEED = 86028157;

  private LegacyHash() {}

  /** GrowthBook version 1: thousandths. */
  public static int growthBookV1(String seed, String unit) {
    return Integer.remainderUnsigned(fnv1a(unit + seed), 1000);
  }

  /** GrowthBook version 2: ten-thousandths. */
  public static int growthBookV2(String seed, String unit) {
    String once = Integer.toUnsignedString(fnv1a(seed + unit));
    return Integer.remainderUnsigned(fnv1a(once), 10_000);
  }

  /** Unleash rollout: 1 to 100. */
  public static int unleashRollout(String group, String unit) {
    return 1 + Integer.remainderUnsigned(Murmur3.hash32(group + ":" + unit, 0), 100);
  }

  /** Unleash variant: 1 to the sum of the weights. */
  public static int unleashVariant(String feature, String unit, int totalWeight) {
    int hash = Murmur3.hash32(feature + ":" + unit, UNLEASH_VARIANT_SEED);
    return 1 + Integer.remainderUnsigned(hash, totalWeight);
  }

  /** Split: 1 to 100. */
  public static int split(int seed, String unit) {
    return 1 + Integer.remainderUnsigned(Murmur3.hash32(unit, seed), 100);
  }

  /** Optimizely: 0 to 9,999. */
  public static int optimizely(String experimentId, String unit) {
    return Murmur3.bucket(Murmur3.hash32(unit + experimentId, 1), 10_000);
  }

  /** FNV-1a over UTF-16 units, as GrowthBook's JavaScript SDK does; for ASCII every SDK agrees. */
  private static int fnv1a(String text) {
    int h = 0x811c9dc5;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x01000193;
    }
    return h;
  }
}
