package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Adjusts p-values of several tests made together. Results are in the order of the input. */
public final class MultipleTesting {
  private MultipleTesting() {}

  /**
   * Holm's step-down (1979): the running maximum of (m-i)p. Bounds the chance of any false
   * rejection.
   *
   * @param pValues each from 0 to 1
   * @return adjusted p-values
   */
  public static double[] holm(double... pValues) {
    int[] order = ascending(pValues);
    int m = pValues.length;
    double[] adjusted = new double[m];
    double running = 0;
    for (int i = 0; i < m; i++) {
      running = Math.max(running, (m - i) * pValues[order[i]]);
      adjusted[order[i]] = Math.min(1, running);
    }
    return adjusted;
  }

  /**
   * Benjamini and Hochberg's step-up (1995): the running minimum of pm/i. Bounds the expected share
   * of false rejections.
   *
   * @param pValues each from 0 to 1
   * @return adjusted p-values
   */
  public static double[] benjaminiHochberg(double... pValues) {
    return stepUp(pValues, 1);
  }

  /**
   * Benjamini and Yekutieli (2001): like Benjamini and Hochberg for any dependence.
   *
   * @param pValues each from 0 to 1
   * @return adjusted p-values
   */
  public static double[] benjaminiYekutieli(double... pValues) {
    double harmonic =
        IntStream.rangeClosed(1, pValues.length).mapToDouble(i -> 1.0 / i).sum();
    return stepUp(pValues, harmonic);
  }

  /**
   * Bonferroni: mp.
   *
   * @param pValues each from 0 to 1
   * @return adjusted p-values
   */
  public static double[] bonferroni(double... pValues) {
    ascending(pValues);
    double[] adjusted = new double[pValues.length];
    for (int i = 0; i < adjusted.length; i++) {
      adjusted[i] = Math.min(1, pValues[i] * adjusted.length);
    }
    return adjusted;
  }

  /**
   * Hommel's closed Simes test (1988): bounds the chance of any false rejection, never weaker than
   * Holm, under independence or positive dependence.
   *
   * @param pValues each from 0 to 1
   * @return adjusted p-values
   */
  public static double[] hommel(double... pValues) {
    int[] order = ascending(pValues);
    int m = pValues.length;
    double[] sorted = new double[m];
    double[] adjusted = new double[m];
    for (int i = 0; i < m; i++) {
      sorted[i] = pValues[order[i]];
      adjusted[i] = sorted[i];
    }
    for (int k = m; k > 1; k--) {
      double simes = Double.POSITIVE_INFINITY;
      for (int i = m - k + 1; i < m; i++) {
        simes = Math.min(simes, k * sorted[i] / (k + i - m + 1));
      }
      for (int i = 0; i < m; i++) {
        double bound = i >= m - k + 1 ? simes : Math.min(simes, k * sorted[i]);
        adjusted[i] = Math.max(adjusted[i], bound);
      }
    }
    double[] result = new double[m];
    for (int i = 0; i < m; i++) {
      result[order[i]] = Math.min(1, adjusted[i]);
    }
    return result;
  }

  private static double[] stepUp(double[] pValues, double factor) {
    int[] order = ascending(pValues);
    int m = pValues.length;
    double[] adjusted = new double[m];
    double running = 1;
    for (int i = m - 1; i >= 0; i--) {
      running = Math.min(running, pValues[order[i]] * m * factor / (i + 1));
      adjusted[order[i]] = running;
    }
    return adjusted;
  }

  private static int[] ascending(double[] pValues) {
    for (double p : pValues) {
      Checks.share("p-value", p);
    }
    return IntStream.range(0, pValues.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> pValues[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
