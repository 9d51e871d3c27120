package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.Divergences;
import dev.mlops.drift.internal.Histograms;
import dev.mlops.drift.internal.OrderedTable;
import dev.mlops.drift.internal.Samples;
import dev.mlops.drift.internal.ScipyRankTests;
import dev.mlops.drift.internal.SpecialFunctions;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The numbers that other tools give, for those who move from them or compare with them. Each method
 * is named after its tool and repeats that tool's binning, smoothing and logarithm, its weaknesses
 * included; for new work use {@link DriftTests}.
 *
 * <p>Numeric samples must be finite; count vectors are over the union of the categories. Pure; safe
 * for use by several threads. All throw {@link DriftException} for empty samples or {@code NaN}.
 */
public final class PeerConventions {
  private static final int EVIDENTLY_CATEGORICAL_UP_TO = 20;

  private PeerConventions() {}

  /** The numbers of two binned distributions in Evidently's conventions. */
  private record Binned(double[] reference, double[] live) {}

  /**
   * Evidently's PSI: value counts up to 20 distinct reference values, else Sturges bins over both
   * samples; empty bins become 0.0001 (or a millionth of the smallest share).
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the index
   */
  public static double evidentlyPsi(double[] reference, double[] live) {
    Binned b = evidentlyBins(reference, live);
    return Divergences.psi(fillZeros(b.reference), fillZeros(b.live));
  }

  /**
   * Evidently's PSI of categories.
   *
   * @param reference counts per category
   * @param live counts per category
   * @return the index
   */
  public static double evidentlyPsi(long[] reference, long[] live) {
    return Divergences.psi(
        fillZeros(Divergences.shares(reference)), fillZeros(Divergences.shares(live)));
  }

  /**
   * Evidently's Kullback–Leibler divergence of the reference from the live data, in nats.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the divergence
   */
  public static double evidentlyKullbackLeibler(double[] reference, double[] live) {
    Binned b = evidentlyBins(reference, live);
    return Divergences.kullbackLeibler(fillZeros(b.reference), fillZeros(b.live));
  }

  /**
   * Evidently's Jensen–Shannon distance: natural logarithm, so at most 0.8326.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the distance
   */
  public static double evidentlyJensenShannon(double[] reference, double[] live) {
    Binned b = evidentlyBins(reference, live);
    return Divergences.jensenShannon(b.reference, b.live);
  }

  /**
   * Evidently's Jensen–Shannon distance of categories.
   *
   * @param reference counts per category
   * @param live counts per category
   * @return the distance
   */
  public static double evidentlyJensenShannon(long[] reference, long[] live) {
    return Divergences.jensenShannon(Divergences.shares(reference), Divergences.shares(live));
  }

  /**
   * Evidently's Hellinger distance of numbers: Sturges bins for the distinct values of both.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the distance
   */
  public static double evidentlyHellinger(double[] reference, double[] live) {
    double[] x = Samples.sorted(reference, "reference");
    double[] y = Samples.sorted(live, "live");
    long[][] distinct = OrderedTable.tabulate(x, y);
    double[] edges = Histograms.sturges(
        Math.min(x[0], y[0]), Math.max(x[x.length - 1], y[y.length - 1]), distinct[0].length);
    return Divergences.hellingerByOverlap(Histograms.shares(x, edges), Histograms.shares(y, edges));
  }

  /**
   * Evidently's Hellinger distance of categories.
   *
   * @param reference counts per category
   * @param live counts per category
   * @return the distance
   */
  public static double evidentlyHellinger(long[] reference, long[] live) {
    return Divergences.hellingerByOverlap(Divergences.shares(reference), Divergences.shares(live));
  }

  /**
   * Evidently's Wasserstein distance: divided by the population standard deviation of the
   * reference, which is taken as 0.001 if it is smaller.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the distance
   */
  public static double evidentlyWasserstein(double[] reference, double[] live) {
    double mean =
        Arrays.stream(requireNonNull(reference, "reference")).average().orElse(0);
    double variance =
        Arrays.stream(reference).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    return DriftTests.wasserstein(reference, live) / Math.max(Math.sqrt(variance), 0.001);
  }

  /**
   * Evidently's χ²: the live counts against the reference shares, as if these were exact. Without
   * drift it rejects far more often than it says (87 % at 30 categories and equal sizes).
   *
   * @param reference counts per category
   * @param live counts per category
   * @return the statistic, infinite if a category is new, and p
   */
  public static DriftTests.Result evidentlyChiSquare(long[] reference, long[] live) {
    double n = Arrays.stream(reference).sum();
    double m = Arrays.stream(live).sum();
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double expected = reference[i] * m / n;
      if (expected > 0) {
        sum += (live[i] - expected) * (live[i] - expected) / expected;
      } else if (live[i] > 0) {
        sum = Double.POSITIVE_INFINITY;
      }
    }
    return new DriftTests.Result(
        sum, SpecialFunctions.chiSquareSurvival(sum, reference.length - 1.0));
  }

  private static Binned evidentlyBins(double[] reference, double[] live) {
    double[] x = Samples.sorted(requireNonNull(reference, "reference"), "reference");
    double[] y = Samples.sorted(requireNonNull(live, "live"), "live");
    long distinct = 0;
    for (int i = 0; i < x.length; i++) {
      distinct += i == 0 || x[i] != x[i - 1] ? 1 : 0;
    }
    if (distinct <= EVIDENTLY_CATEGORICAL_UP_TO) {
      long[][] table = OrderedTable.tabulate(x, y);
      return new Binned(Divergences.shares(table[0]), Divergences.shares(table[1]));
    }
    double[] edges = Histograms.sturges(
        Math.min(x[0], y[0]), Math.max(x[x.length - 1], y[y.length - 1]), x.length + y.length);
    return new Binned(Histograms.shares(x, edges), Histograms.shares(y, edges));
  }

  private static double[] fillZeros(double[] shares) {
    double least = Arrays.stream(shares).filter(s -> s != 0).min().orElse(1);
    double fill = least <= 0.0001 ? least / 1e6 : 0.0001;
    return Arrays.stream(shares).map(s -> s == 0 ? fill : s).toArray();
  }

  /**
   * NannyML's Jensen–Shannon distance of a continuous feature: base 2, Doane bins of the reference,
   * one more cell for live values outside them.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the distance
   */
  public static double nannymlJensenShannon(double[] reference, double[] live) {
    Binned b = nannymlBins(reference, live);
    return Divergences.jensenShannon(b.reference, b.live) / Math.sqrt(Math.log(2));
  }

  /**
   * NannyML's Hellinger distance of a continuous feature, with the same cells.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the distance
   */
  public static double nannymlHellinger(double[] reference, double[] live) {
    Binned b = nannymlBins(reference, live);
    return Divergences.hellinger(b.reference, b.live);
  }

  private static Binned nannymlBins(double[] reference, double[] live) {
    double[] x = Samples.sorted(requireNonNull(reference, "reference"), "reference");
    double[] y = Samples.sorted(requireNonNull(live, "live"), "live");
    double[] edges = Histograms.doane(x);
    double[] p = Histograms.shares(x, edges);
    double[] q = Histograms.shares(y, edges);
    double leftover = 1 - Arrays.stream(q).sum();
    if (leftover > 1e-15) {
      p = Arrays.copyOf(p, p.length + 1);
      q = Arrays.copyOf(q, q.length + 1);
      q[q.length - 1] = leftover;
    }
    return new Binned(p, q);
  }

  /**
   * NannyML's Kolmogorov–Smirnov statistic: exact below 10,000 reference rows, else on 10,000 bins
   * of equal width.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return D
   */
  public static double nannymlKolmogorovSmirnov(double[] reference, double[] live) {
    if (reference.length < 10_000) {
      return KolmogorovSmirnov.statistic(reference, live);
    }
    double most = 0;
    for (double d : nannymlDifferences(reference, live)) {
      most = Math.max(most, Math.abs(d));
    }
    return most;
  }

  /**
   * NannyML's Wasserstein distance: exact below 10,000 reference rows, else on 10,000 bins.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the distance
   */
  public static double nannymlWasserstein(double[] reference, double[] live) {
    if (reference.length < 10_000) {
      return DriftTests.wasserstein(reference, live);
    }
    double low = Arrays.stream(reference).min().orElse(0);
    double high = Arrays.stream(reference).max().orElse(0);
    double sum = 0;
    for (double d : nannymlDifferences(reference, live)) {
      sum += Math.abs(d);
    }
    return sum * ((high - low) / 10_000);
  }

  private static double[] nannymlDifferences(double[] reference, double[] live) {
    double low = Arrays.stream(reference).min().orElse(0);
    double high = Arrays.stream(reference).max().orElse(0);
    double[] edges = Histograms.equalWidth(low, high, 10_000);
    double[] p = Histograms.shares(reference, edges);
    double[] q = Histograms.shares(live, edges);
    double f = 0;
    double g = (double) Arrays.stream(live).filter(v -> v < low).count() / live.length;
    double[] differences = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      f += p[i];
      g += q[i];
      differences[i] = f - g;
    }
    return differences;
  }

  /**
   * NannyML's expected area under the ROC curve: that of {@link PerformanceEstimator}, with the
   * cumulated counts rounded to five decimals.
   *
   * @param probabilities calibrated probability of label 1 per row
   * @param scores what the rows are ranked by
   * @return the area
   */
  public static double nannymlRocAuc(double[] probabilities, double[] scores) {
    if (probabilities.length != scores.length || scores.length == 0) {
      throw DriftException.invalidInput("one probability per score is needed, got "
          + probabilities.length
          + " and "
          + scores.length);
    }
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    double positives = 0;
    double area = 0;
    double tp = 0;
    double fp = 0;
    for (int i = 0; i < order.length; i++) {
      positives += probabilities[order[i]];
      double nextTp = Math.rint(positives * 1e5) / 1e5;
      double nextFp = Math.rint((i + 1 - positives) * 1e5) / 1e5;
      area += (nextFp - fp) * (tp + nextTp) / 2;
      tp = nextTp;
      fp = nextFp;
    }
    return area / (tp * fp);
  }

  /**
   * Frouros' PSI: ten bins of equal width over both samples, empty ones become the smallest normal
   * double, which makes the index explode.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the index
   */
  public static double frourosPsi(double[] reference, double[] live) {
    double[] x = Samples.sorted(requireNonNull(reference, "reference"), "reference");
    double[] y = Samples.sorted(requireNonNull(live, "live"), "live");
    double low = Math.min(x[0], y[0]);
    double high = Math.max(x[x.length - 1], y[y.length - 1]);
    double[] edges = low == high
        ? Histograms.equalWidth(low - 0.5, high + 0.5, 10)
        : Histograms.equalWidth(low, high, 10);
    return Divergences.psi(
        floor(Histograms.shares(x, edges), Double.MIN_NORMAL),
        floor(Histograms.shares(y, edges), Double.MIN_NORMAL));
  }

  /**
   * The textbook PSI: cells between the nine inner deciles of the reference (linear interpolation),
   * a value equal to a decile above it, empty cells 0.0001.
   *
   * @param reference the reference sample
   * @param live the live sample
   * @return the index
   */
  public static double textbookPsi(double[] reference, double[] live) {
    double[] x = Samples.sorted(requireNonNull(reference, "reference"), "reference");
    double[] y = Samples.sorted(requireNonNull(live, "live"), "live");
    double[] cuts = new double[9];
    int k = 0;
    for (int i = 1; i <= 9; i++) {
      double position = i * 0.1 * (x.length - 1);
      int below = (int) position;
      double f = position - below;
      double a = x[below];
      double b = x[Math.min(x.length - 1, below + 1)];
      double cut = f < 0.5 ? a + (b - a) * f : b - (b - a) * (1 - f);
      if (k == 0 || cut != cuts[k - 1]) {
        cuts[k++] = cut;
      }
    }
    double[] edges = new double[k + 2];
    edges[0] = Double.NEGATIVE_INFINITY;
    System.arraycopy(cuts, 0, edges, 1, k);
    edges[k + 1] = Double.POSITIVE_INFINITY;
    return Divergences.psi(
        floor(Histograms.shares(x, edges), 1e-4), floor(Histograms.shares(y, edges), 1e-4));
  }

  private static double[] floor(double[] shares, double least) {
    return Arrays.stream(shares).map(s -> s == 0 ? least : s).toArray();
  }

  /**
   * SciPy's {@code cramervonmises_2samp}: mid-ranks, exact up to 20 values each. With ties its p is
   * not a probability of the right thing: equal constants, 30 against 20, give 0.013.
   *
   * @param x the first sample
   * @param y the second sample
   * @return SciPy's statistic and p
   */
  public static DriftTests.Result scipyCramerVonMises(double[] x, double[] y) {
    return ScipyRankTests.cramerVonMises(
        Samples.sorted(requireNonNull(x, "x"), "x"), Samples.sorted(requireNonNull(y, "y"), "y"));
  }

  /**
   * SciPy's {@code anderson_ksamp} for two samples with mid-ranks: the standardised statistic, and
   * a significance level interpolated in a table and cut off at 0.001 and 0.25.
   *
   * @param x the first sample
   * @param y the second sample
   * @return SciPy's statistic and significance level
   * @throws DriftException if all values are equal
   */
  public static DriftTests.Result scipyAndersonDarling(double[] x, double[] y) {
    return ScipyRankTests.andersonDarling(
        Samples.sorted(requireNonNull(x, "x"), "x"), Samples.sorted(requireNonNull(y, "y"), "y"));
  }
}
