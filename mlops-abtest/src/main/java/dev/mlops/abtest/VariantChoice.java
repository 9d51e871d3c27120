package dev.mlops.abtest;

import dev.mlops.abtest.internal.hash.Murmur3;
import java.util.List;

/** Maps a unit to the index of its variant, -1 for none; the native choices allocate nothing. */
interface VariantChoice {
  int of(String unitId);

  static VariantChoice of(Experiment experiment) {
    if (experiment.hashScheme() != HashScheme.NATIVE) {
      return new LegacyChoice(experiment);
    }
    return experiment.stableWeights() ? new Rendezvous(experiment) : new Ranges(experiment);
  }

  /** Cumulative ranges: one hash, multiply-shift into the sum of the weights. */
  final class Ranges implements VariantChoice {
    private final int seed;
    private final int total;
    private final int[] upper;

    Ranges(Experiment experiment) {
      List<Variant> variants = experiment.variants();
      this.seed = Murmur3.hash32(experiment.salt(), 0);
      this.upper = new int[variants.size()];
      int sum = 0;
      for (int i = 0; i < upper.length; i++) {
        sum += variants.get(i).weight();
        upper[i] = sum;
      }
      this.total = sum;
    }

    @Override
    public int of(String unitId) {
      return at(Murmur3.bucket(Murmur3.hash32(unitId, seed), total));
    }

    int at(int bucket) {
      int i = 0;
      while (bucket >= upper[i]) {
        i++;
      }
      return i;
    }
  }

  /**
   * Weighted rendezvous (Schindelhauer and Schomaker 2005): the variant with the least
   * -ln(u)/weight wins, u being a hash of unit and variant. A changed weight moves only units to or
   * from it.
   */
  final class Rendezvous implements VariantChoice {
    private final int[] seeds;
    private final double[] weights;

    Rendezvous(Experiment experiment) {
      List<Variant> variants = experiment.variants();
      this.seeds = new int[variants.size()];
      this.weights = new double[variants.size()];
      int salt = Murmur3.hash32(experiment.salt(), 0);
      for (int i = 0; i < seeds.length; i++) {
        seeds[i] = Murmur3.hash32(variants.get(i).key(), salt);
        weights[i] = variants.get(i).weight();
      }
    }

    @Override
    public int of(String unitId) {
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < seeds.length; i++) {
        if (weights[i] > 0) {
          double u = ((Murmur3.hash32(unitId, seeds[i]) & 0xffffffffL) + 0.5) * 0x1p-32;
          double score = -Math.log(u) / weights[i];
          if (score < least) {
            least = score;
            best = i;
          }
        }
      }
      return best;
    }
  }
}
