package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Normal;
import java.util.Arrays;

/**
 * Mann-Whitney's rank test (1947) of two samples with the tie-corrected normal approximation and
 * continuity correction, with the Hodges-Lehmann shift. Not for fewer than about eight units per
 * arm. Immutable.
 *
 * @param u pairs in which treatment exceeds control, ties counting one half
 * @param pValue two-sided
 * @param shift the median of all differences treatment - control (Hodges and Lehmann 1963)
 * @param commonLanguageEffect u / number of pairs
 */
public record MannWhitneyTest(double u, double pValue, double shift, double commonLanguageEffect) {
  /**
   * The test of raw values.
   *
   * @param control finite values
   * @param treatment finite values
   * @return the test
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if a sample is empty or all values
   *     are equal
   */
  public static MannWhitneyTest of(double[] control, double[] treatment) {
    double[] c = sorted("control", control);
    double[] t = sorted("treatment", treatment);
    double u = 0;
    int below = 0;
    int upTo = 0;
    for (double v : t) {
      while (below < c.length && c[below] < v) {
        below++;
      }
      upTo = Math.max(upTo, below);
      while (upTo < c.length && c[upTo] <= v) {
        upTo++;
      }
      u += 0.5 * (below + upTo);
    }
    double nc = c.length;
    double nt = t.length;
    double n = nc + nt;
    double variance = nc * nt / 12 * (n + 1 - ties(c, t) / (n * (n - 1)));
    if (!(variance > 0)) {
      throw Checks.invalid("Mann-Whitney: every value is equal");
    }
    double gap = Math.max(0, Math.abs(u - nc * nt / 2) - 0.5);
    double p = Normal.twoSided(gap / Math.sqrt(variance));
    return new MannWhitneyTest(u, p, shift(c, t), u / (nc * nt));
  }

  /**
   * Cliff's delta: the chance that treatment exceeds control minus the chance of the opposite.
   *
   * @return from -1 to 1
   */
  public double cliffsDelta() {
    return 2 * commonLanguageEffect - 1;
  }

  private static double ties(double[] c, double[] t) {
    double[] all = Arrays.copyOf(c, c.length + t.length);
    System.arraycopy(t, 0, all, c.length, t.length);
    Arrays.sort(all);
    double sum = 0;
    for (int i = 0; i < all.length; ) {
      int j = i;
      while (j < all.length && all[j] == all[i]) {
        j++;
      }
      double k = j - i;
      sum += k * k * k - k;
      i = j;
    }
    return sum;
  }

  private static double shift(double[] c, double[] t) {
    long pairs = (long) c.length * t.length;
    double upper = kth(c, t, pairs / 2);
    return pairs % 2 == 1 ? upper : 0.5 * (upper + kth(c, t, pairs / 2 - 1));
  }

  /** The k-th smallest difference, by bisection on its value: no list of all pairs is made. */
  private static double kth(double[] c, double[] t, long k) {
    double low = t[0] - c[c.length - 1];
    double high = t[t.length - 1] - c[0];
    for (int i = 0; i < 2000 && low < high; i++) {
      double middle = low + (high - low) / 2;
      if (middle >= high) {
        break;
      }
      if (countUpTo(c, t, middle) > k) {
        high = middle;
      } else if (low == middle) {
        break;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private static long countUpTo(double[] c, double[] t, double limit) {
    long count = 0;
    for (double v : t) {
      count += c.length - firstWithin(c, v, limit);
    }
    return count;
  }

  private static int firstWithin(double[] c, double v, double limit) {
    int low = 0;
    int high = c.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (v - c[middle] <= limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static double[] sorted(String arm, double[] values) {
    Checks.atLeast("units in " + arm, 1, values.length);
    double[] copy = values.clone();
    for (double v : copy) {
      Checks.finite("value in " + arm, v);
    }
    Arrays.sort(copy);
    return copy;
  }
}
