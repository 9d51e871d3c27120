package dev.mlops.drift.internal;

/*
 * Tests of a 2 x k table of counts over the union of the categories; columns that are empty in both
 * samples do not count. With expected e[i,j] = row total * column total / N:
 *   Pearson  X2 = sum (o - e)^2 / e           k-1 degrees of freedom
 *   G           = 2 sum o log(o / e)          k-1 degrees of freedom
 *   Fisher      = sum of the hypergeometric probabilities that do not exceed the observed one
 */
public final class Contingency {
  private final long[] a;
  private final long[] b;
  private final double totalA;
  private final double totalB;
  private final int categories;
  private final double leastExpected;

  public Contingency(long[] a, long[] b) {
    this.a = a;
    this.b = b;
    double sumA = 0;
    double sumB = 0;
    int used = 0;
    for (int i = 0; i < a.length; i++) {
      sumA += a[i];
      sumB += b[i];
      used += a[i] + b[i] > 0 ? 1 : 0;
    }
    totalA = sumA;
    totalB = sumB;
    categories = used;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < a.length; i++) {
      if (a[i] + b[i] > 0) {
        least = Math.min(least, (a[i] + b[i]) * Math.min(sumA, sumB) / (sumA + sumB));
      }
    }
    leastExpected = least;
  }

  public int degreesOfFreedom() {
    return Math.max(0, categories - 1);
  }

  public double leastExpected() {
    return leastExpected;
  }

  /** Pearson's statistic; with Yates' continuity correction if asked and the table is 2 x 2. */
  public double pearson(boolean yates) {
    double all = totalA + totalB;
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double column = (double) a[i] + b[i];
      if (column > 0) {
        double expectedA = column * totalA / all;
        double expectedB = column * totalB / all;
        double d = Math.abs(a[i] - expectedA);
        if (yates && categories == 2) {
          d -= Math.min(0.5, d);
        }
        sum += d * d / expectedA + d * d / expectedB;
      }
    }
    return sum;
  }

  public double g() {
    double all = totalA + totalB;
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double column = (double) a[i] + b[i];
      sum += term(a[i], column * totalA / all) + term(b[i], column * totalB / all);
    }
    return Math.max(0, 2 * sum);
  }

  private static double term(double observed, double expected) {
    return observed == 0 ? 0 : observed * Math.log(observed / expected);
  }

  /** Textbook p of a statistic with k-1 degrees of freedom. */
  public double survival(double statistic) {
    return degreesOfFreedom() == 0
        ? 1
        : SpecialFunctions.chiSquareSurvival(statistic, degreesOfFreedom());
  }

  /** p of Pearson's statistic: textbook if every expected count is at least 5, else conditional. */
  public double pearsonPValue() {
    if (degreesOfFreedom() == 0) {
      return 1;
    }
    if (leastExpected < 5) {
      return conditional(pearson(false));
    }
    return survival(pearson(false));
  }

  /*
   * The gamma distribution with the exact mean and variance of X2 given the margins. With c_i the
   * column totals, X2 = N^2/(n m) (sum a_i^2 / c_i - n^2 / N), and the factorial moments of the
   * hypergeometric a_i are E (a_i)_r (a_j)_s = (c_i)_r (c_j)_s (n)_(r+s) / (N)_(r+s).
   */
  private double conditional(double statistic) {
    double n = totalA;
    double all = totalA + totalB;
    double f1 = n / all;
    double f2 = f1 * (n - 1) / (all - 1);
    double f3 = all > 2 ? f2 * (n - 2) / (all - 2) : 0;
    double f4 = all > 3 ? f3 * (n - 3) / (all - 3) : 0;
    double k = 0;
    double s1 = 0;
    double s2 = 0;
    double diagonal = 0;
    for (int i = 0; i < a.length; i++) {
      double c = (double) a[i] + b[i];
      if (c > 0) {
        k++;
        s1 += c - 1;
        s2 += (c - 1) * (c - 1);
        diagonal +=
            ((c - 1) * (c - 2) * (c - 3) * f4 + 6 * (c - 1) * (c - 2) * f3 + 7 * (c - 1) * f2 + f1)
                / c;
      }
    }
    double expected = s1 * f2 + k * f1;
    double offDiagonal = (s1 * s1 - s2) * f4 + 2 * (k - 1) * s1 * f3 + k * (k - 1) * f2;
    double scale = all * all / (n * totalB);
    double mean = scale * (expected - n * n / all);
    double variance = scale * scale * (diagonal + offDiagonal - expected * expected);
    if (!(variance > 1e-12 * mean * mean)) {
      return 1;
    }
    return SpecialFunctions.gammaQ(mean * mean / variance, statistic * mean / variance);
  }

  /** The columns that occur. */
  public long[][] used() {
    long[][] result = new long[2][categories];
    int k = 0;
    for (int i = 0; i < a.length; i++) {
      if (a[i] + b[i] > 0) {
        result[0][k] = a[i];
        result[1][k++] = b[i];
      }
    }
    return result;
  }

  /** Total variation: half the sum of the absolute differences of the shares. */
  public double totalVariation() {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] / totalA - b[i] / totalB);
    }
    return sum / 2;
  }

  /** Fisher's exact two-sided p of the table (a of n against b of m). */
  public static double fisher(long a, long n, long b, long m) {
    double k = (double) a + b;
    long from = (long) Math.max(0, k - m);
    long to = (long) Math.min(n, k);
    double observed = logHypergeometric(a, n, m, k);
    double limit = observed + 1e-7;
    double sum = 0;
    // Outward from the observed count; terms fall off fast, so both walks stop early.
    for (long i = from; i <= to; i++) {
      double log = logHypergeometric(i, n, m, k);
      if (log <= limit) {
        sum += Math.exp(log);
      }
    }
    return Math.min(1, sum);
  }

  private static double logHypergeometric(double x, double n, double m, double k) {
    return SpecialFunctions.logBinomial(n, x)
        + SpecialFunctions.logBinomial(m, k - x)
        - SpecialFunctions.logBinomial(n + m, k);
  }
}
