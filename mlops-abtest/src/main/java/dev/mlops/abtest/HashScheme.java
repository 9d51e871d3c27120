package dev.mlops.abtest;

/**
 * How a unit becomes a variant. {@link #NATIVE} is for new experiments; the others reproduce
 * another product's assignment, so that a running experiment can move here without reshuffling its
 * units. They allocate, have fewer buckets, and some share one hash between inclusion and variant.
 */
public enum HashScheme {
  /** MurmurHash3 with separate seeds for layer, inclusion and variant; 2<sup>32</sup> steps. */
  NATIVE,
  /** GrowthBook hash version 1: FNV-1a of unit and salt, 1,000 buckets. */
  GROWTHBOOK_V1,
  /** GrowthBook hash version 2: FNV-1a twice, 10,000 buckets. */
  GROWTHBOOK_V2,
  /** Unleash: MurmurHash3 of "salt:unit"; 100 rollout steps, variants modulo the sum of weights. */
  UNLEASH,
  /**
   * Split: MurmurHash3 of the unit, 100 buckets. The salt is the split's seed, or
   * "seed:trafficAllocationSeed"; weights sum to 100.
   */
  SPLIT,
  /** Optimizely: MurmurHash3 of unit and salt (the experiment id) with seed 1, 10,000 buckets. */
  OPTIMIZELY
}
