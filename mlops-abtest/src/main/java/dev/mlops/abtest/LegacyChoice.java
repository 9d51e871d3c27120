package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.hash.LegacyHash;
import java.util.List;

/** Another product's assignment: inclusion and variant in one answer. */
final class LegacyChoice implements VariantChoice {
  private final HashScheme scheme;
  private final String salt;
  private final double traffic;
  private final int[] upper;
  private final int total;
  private final int seed;
  private final int trafficSeed;

  LegacyChoice(Experiment experiment) {
    this.scheme = experiment.hashScheme();
    this.salt = experiment.salt();
    this.traffic = experiment.traffic();
    List<Variant> variants = experiment.variants();
    this.upper = new int[variants.size()];
    int sum = 0;
    for (int i = 0; i < upper.length; i++) {
      sum += variants.get(i).weight();
      upper[i] = sum;
    }
    this.total = sum;
    String[] seeds = scheme == HashScheme.SPLIT ? salt.split(":", 2) : new String[] {"0"};
    this.seed = seed(experiment, seeds[0]);
    this.trafficSeed = seed(experiment, seeds[seeds.length - 1]);
    if (scheme == HashScheme.SPLIT && total != 100) {
      throw Checks.invalid("experiment '%s': weights must sum to 100 for SPLIT, got %d"
          .formatted(experiment.key(), total));
    }
  }

  private static int seed(Experiment experiment, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw Checks.invalid(
          "experiment '%s': the salt for SPLIT must be 'seed' or 'seed:trafficSeed', got '%s'"
              .formatted(experiment.key(), experiment.salt()));
    }
  }

  @Override
  public int of(String unitId) {
    return switch (scheme) {
      case GROWTHBOOK_V1 -> ranges(LegacyHash.growthBookV1(salt, unitId) / 1000.0);
      case GROWTHBOOK_V2 -> ranges(LegacyHash.growthBookV2(salt, unitId) / 10_000.0);
      case UNLEASH ->
        LegacyHash.unleashRollout(salt, unitId) <= Math.round(100 * traffic)
            ? below(LegacyHash.unleashVariant(salt, unitId, total) - 1)
            : -1;
      case SPLIT ->
        LegacyHash.split(trafficSeed, unitId) <= Math.round(100 * traffic)
            ? below(LegacyHash.split(seed, unitId) - 1)
            : -1;
      case OPTIMIZELY -> contiguous(LegacyHash.optimizely(salt, unitId));
      case NATIVE -> throw new IllegalStateException("not another product's scheme");
    };
  }

  private int below(int bucket) {
    int i = 0;
    while (bucket >= upper[i]) {
      i++;
    }
    return i;
  }

  /** Each variant owns [start, start + traffic x weight): a ramp widens every range in place. */
  private int ranges(double n) {
    double start = 0;
    for (int i = 0; i < upper.length; i++) {
      double weight = (double) (upper[i] - (i == 0 ? 0 : upper[i - 1])) / total;
      if (n >= start && n < start + traffic * weight) {
        return i;
      }
      start += weight;
    }
    return -1;
  }

  /** Ranges follow one another from 0; what is left over is out of traffic. */
  private int contiguous(int bucket) {
    for (int i = 0; i < upper.length; i++) {
      if (bucket < Math.round(10_000 * traffic * upper[i] / total)) {
        return i;
      }
    }
    return -1;
  }
}
