package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.Contingency;
import dev.mlops.drift.internal.Divergences;
import dev.mlops.drift.internal.NumericCells;
import dev.mlops.drift.internal.OrderedTable;
import dev.mlops.drift.internal.Samples;
import dev.mlops.drift.internal.SpecialFunctions;

/**
 * Tests and distances for two samples. Numeric samples are raw values without {@code NaN};
 * categorical ones are counts over the union of the categories, in the same order in both arrays.
 * For the Kolmogorov–Smirnov test see {@link KolmogorovSmirnov}, for the conventions of other tools
 * {@link PeerConventions}.
 *
 * <p>All methods are pure; safe for use by several threads. All throw {@link DriftException} for an
 * empty sample, {@code NaN} or negative counts.
 */
public final class DriftTests {
  private DriftTests() {}

  /**
   * Cramér–von Mises: T = nm/N² Σ (F − G)² over the pooled values (Anderson 1962). Ties change the
   * null distribution and are accounted for; without ties T is SciPy's statistic.
   *
   * @param x the first sample
   * @param y the second sample
   * @return T and its asymptotic p, good from about 10 values each
   */
  public static Result cramerVonMises(double[] x, double[] y) {
    long[][] table = table(x, y);
    OrderedTable result = OrderedTable.cramerVonMises(table[0], table[1]);
    return new Result(result.statistic(), result.pValue());
  }

  /**
   * Anderson–Darling: the same with the squared differences weighted by 1/(H(1 − H)), more
   * sensitive in the tails (Pettitt 1976). Ties are accounted for.
   *
   * @param x the first sample
   * @param y the second sample
   * @return A² and its asymptotic p, good from about 10 values each
   */
  public static Result andersonDarling(double[] x, double[] y) {
    long[][] table = table(x, y);
    OrderedTable result = OrderedTable.andersonDarling(table[0], table[1]);
    return new Result(result.statistic(), result.pValue());
  }

  /**
   * Mann–Whitney U with the normal approximation, corrected for ties and continuity.
   *
   * @param x the first sample
   * @param y the second sample
   * @return U of the first sample and the two-sided p, good from about 8 values each
   */
  public static Result mannWhitney(double[] x, double[] y) {
    long[][] table = table(x, y);
    double n = x.length;
    double m = y.length;
    double rankSum = 0;
    double ties = 0;
    double below = 0;
    for (int i = 0; i < table[0].length; i++) {
      double h = (double) table[0][i] + table[1][i];
      rankSum += table[0][i] * (below + (h + 1) / 2);
      ties += h * h * h - h;
      below += h;
    }
    double u = rankSum - n * (n + 1) / 2;
    double all = n + m;
    double sd = Math.sqrt(n * m / 12 * (all + 1 - ties / (all * (all - 1))));
    if (!(sd > 0)) {
      return new Result(u, 1);
    }
    double z = (Math.max(u, n * m - u) - n * m / 2 - 0.5) / sd;
    return new Result(u, 2 * SpecialFunctions.normalSurvival(z));
  }

  /**
   * Pearson's χ² on the 2×k table, k − 1 degrees of freedom over the categories that occur. Where
   * an expected count is below 5, p comes from the gamma distribution with the exact mean and
   * variance of the statistic given the margins (Haldane 1940), which keeps the level when the
   * table is sparse.
   *
   * @param reference counts per category
   * @param live counts per category, in the same order
   * @return χ² and p
   */
  public static Result chiSquare(long[] reference, long[] live) {
    Contingency table = contingency(reference, live);
    return new Result(table.pearson(false), table.pearsonPValue());
  }

  /**
   * Pearson's χ² with Yates' continuity correction if the table is 2×2, and the textbook p.
   *
   * @param reference counts per category
   * @param live counts per category, in the same order
   * @return χ² and p
   */
  public static Result chiSquareYates(long[] reference, long[] live) {
    Contingency table = contingency(reference, live);
    double statistic = table.pearson(true);
    return new Result(statistic, table.survival(statistic));
  }

  /**
   * The likelihood-ratio test G = 2 Σ o ln(o/e), k − 1 degrees of freedom.
   *
   * @param reference counts per category
   * @param live counts per category, in the same order
   * @return G and p
   */
  public static Result gTest(long[] reference, long[] live) {
    Contingency table = contingency(reference, live);
    double statistic = table.g();
    return new Result(statistic, table.survival(statistic));
  }

  /**
   * Fisher's exact test of two shares; the statistic is the difference of the shares.
   *
   * @param a successes in the first sample
   * @param n size of the first sample
   * @param b successes in the second sample
   * @param m size of the second sample
   * @return the difference a/n − b/m and the two-sided p
   */
  public static Result fisher(long a, long n, long b, long m) {
    if (a < 0 || b < 0 || a > n || b > m || n < 1 || m < 1) {
      throw DriftException.invalidInput(
          "expected 0 <= a <= n and 0 <= b <= m with n, m >= 1, got a=" + a + " n=" + n + " b=" + b
              + " m=" + m);
    }
    return new Result((double) a / n - (double) b / m, Contingency.fisher(a, n, b, m));
  }

  /**
   * Cramér's V of the 2×k table: √(χ²/N).
   *
   * @param reference counts per category
   * @param live counts per category, in the same order
   * @return from 0 to 1
   */
  public static double cramersV(long[] reference, long[] live) {
    Contingency table = contingency(reference, live);
    return Math.sqrt(table.pearson(false) / (sum(reference, "reference") + sum(live, "live")));
  }

  /**
   * A population stability index with what it would be without drift.
   *
   * @param value PSI = Σ (p − q) ln(p/q)
   * @param expected E[PSI] without drift, (k − 1)(1/n + 1/m)
   * @param pValue P(PSI ≥ value) without drift, from PSI · nm/(n+m) ~ χ²(k − 1)
   * @param cells k, the number of cells that occur
   */
  public record Psi(double value, double expected, double pValue, int cells) {}

  /**
   * PSI of two count vectors with Jeffreys' smoothing (+½ per cell), natural logarithm.
   *
   * @param reference counts per cell
   * @param live counts per cell, in the same order
   * @return the index, its expectation and p
   */
  public static Psi psi(long[] reference, long[] live) {
    Contingency table = contingency(reference, live);
    long[][] used = table.used();
    double value = Divergences.psi(Divergences.jeffreys(used[0]), Divergences.jeffreys(used[1]));
    double n = sum(reference, "reference");
    double m = sum(live, "live");
    int df = table.degreesOfFreedom();
    double p = df == 0 ? 1 : SpecialFunctions.chiSquareSurvival(value * n * m / (n + m), df);
    return new Psi(value, df * (1 / n + 1 / m), Math.max(Double.MIN_VALUE, p), df + 1);
  }

  /**
   * PSI of two samples over cells between quantiles of the reference; the outer cells are open.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @param cells how many cells, at least 2; fewer where quantiles coincide
   * @return the index, its expectation and p
   */
  public static Psi psi(double[] reference, double[] live, int cells) {
    if (cells < 2) {
      throw DriftException.invalidInput("PSI needs at least 2 cells, got " + cells);
    }
    double[] sorted = Samples.sorted(requireNonNull(reference, "reference"), "reference");
    Samples.requireUsable(requireNonNull(live, "live"), "live");
    double[] all = NumericCells.quantileEdges(sorted, cells + 1);
    // The inner quantiles cut; a value equal to a cut belongs below it.
    double[] cuts = all.length <= 2 ? all : java.util.Arrays.copyOfRange(all, 1, all.length - 1);
    return psi(below(sorted, cuts), below(live, cuts));
  }

  private static long[] below(double[] values, double[] cuts) {
    NumericCells cells = new NumericCells(cuts);
    long[] counts = new long[cuts.length + 1];
    for (double v : values) {
      // Cell 2k is below cut k and cell 2k+1 is the cut itself.
      counts[cells.cell(v) / 2]++;
    }
    return counts;
  }

  /**
   * Jensen–Shannon distance: the square root of the divergence in bits, so from 0 to 1.
   *
   * @param reference counts per cell
   * @param live counts per cell, in the same order
   * @return the distance
   */
  public static double jensenShannon(long[] reference, long[] live) {
    contingency(reference, live);
    return Math.min(
        1,
        Divergences.jensenShannon(Divergences.shares(reference), Divergences.shares(live))
            / Math.sqrt(Math.log(2)));
  }

  /**
   * Hellinger distance √(½ Σ (√p − √q)²).
   *
   * @param reference counts per cell
   * @param live counts per cell, in the same order
   * @return from 0 to 1
   */
  public static double hellinger(long[] reference, long[] live) {
    contingency(reference, live);
    return Divergences.hellinger(Divergences.shares(reference), Divergences.shares(live));
  }

  /**
   * Total variation distance ½ Σ |p − q|.
   *
   * @param reference counts per cell
   * @param live counts per cell, in the same order
   * @return from 0 to 1
   */
  public static double totalVariation(long[] reference, long[] live) {
    contingency(reference, live);
    return Divergences.totalVariation(Divergences.shares(reference), Divergences.shares(live));
  }

  /**
   * Wasserstein-1 (earth mover's) distance ∫ |F − G|, in the unit of the values.
   *
   * @param x the first sample, finite
   * @param y the second sample, finite
   * @return the distance
   */
  public static double wasserstein(double[] x, double[] y) {
    return Divergences.area(finite(x, "x"), finite(y, "y"), 1);
  }

  /**
   * Energy distance √(2 ∫ (F − G)²).
   *
   * @param x the first sample, finite
   * @param y the second sample, finite
   * @return the distance
   */
  public static double energy(double[] x, double[] y) {
    return Math.sqrt(2 * Divergences.area(finite(x, "x"), finite(y, "y"), 2));
  }

  private static double[] finite(double[] values, String name) {
    double[] sorted = Samples.sorted(requireNonNull(values, name), name);
    if (Double.isInfinite(sorted[0]) || Double.isInfinite(sorted[sorted.length - 1])) {
      throw DriftException.invalidInput(
          "sample " + name + " must be finite, got an infinite value");
    }
    return sorted;
  }

  private static long[][] table(double[] x, double[] y) {
    return OrderedTable.tabulate(
        Samples.sorted(requireNonNull(x, "x"), "x"), Samples.sorted(requireNonNull(y, "y"), "y"));
  }

  private static Contingency contingency(long[] reference, long[] live) {
    if (requireNonNull(reference, "reference").length != requireNonNull(live, "live").length) {
      throw DriftException.invalidInput("both count vectors need the same categories, got "
          + reference.length + " and " + live.length);
    }
    sum(reference, "reference");
    sum(live, "live");
    return new Contingency(reference, live);
  }

  private static double sum(long[] counts, String name) {
    double sum = 0;
    for (long c : counts) {
      if (c < 0) {
        throw DriftException.invalidInput("a count of " + name + " must not be negative, got " + c);
      }
      sum += c;
    }
    if (sum == 0) {
      throw DriftException.invalidInput("sample " + name + " needs at least one value, got none");
    }
    return sum;
  }

  /**
   * A test statistic with its p-value. Immutable.
   *
   * @param statistic the statistic
   * @param pValue probability of at least this statistic without drift, above 0 and at most 1
   */
  public record Result(double statistic, double pValue) {
    /** Creates a result; p is never 0. */
    public Result {
      pValue = Math.max(Double.MIN_VALUE, Math.min(1, pValue));
      if (Double.isNaN(statistic)) {
        throw DriftException.invalidInput("a statistic must be a number, got NaN");
      }
    }
  }
}
