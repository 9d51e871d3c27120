package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.EcdfDifference;
import dev.mlops.drift.internal.ExactKs;
import dev.mlops.drift.internal.OneSampleKs;
import dev.mlops.drift.internal.ReferenceIndex;
import dev.mlops.drift.internal.Samples;
import dev.mlops.drift.internal.SpecialFunctions;

/**
 * The two-sample Kolmogorov–Smirnov test: how far apart are two samples, and how often would two
 * samples of one population be at least that far apart?
 *
 * <p>With F<sub>1</sub> and F<sub>2</sub> the right-continuous empirical distribution functions, D
 * is max |F<sub>1</sub> − F<sub>2</sub>| and p is P(D ≥ d) when both samples come from one
 * continuous population; with ties p is an upper bound. The conventions are those of SciPy's
 * {@code ks_2samp} (1.10 and later): the same automatic choice of method, location, sign and
 * rounding of the effective size (half to even). Infinities are ordinary values, −0.0 equals 0.0,
 * {@code NaN} and an empty sample are refused. A p below the smallest double is given as
 * {@link Double#MIN_VALUE}, never as 0.
 *
 * <p>All methods are pure; safe for use by several threads.
 */
public final class KolmogorovSmirnov {
  private static final int AUTO_EXACT_UP_TO = 10_000;
  private static final double LOG_MAX_DOUBLE = Math.log(Double.MAX_VALUE);

  private KolmogorovSmirnov() {}

  /** Which difference of the two distribution functions counts. */
  public enum Alternative {
    /** max |F₁ − F₂|. */
    TWO_SIDED,
    /** max (F₁ − F₂): the first sample tends to be smaller. */
    GREATER,
    /** max (F₂ − F₁): the first sample tends to be larger. */
    LESS
  }

  /** How p is computed. */
  public enum Method {
    /** Exact when both samples have at most 10,000 values, else asymptotic. */
    AUTO,
    /** Counting of lattice paths; falls back to asymptotic where it would overflow. */
    EXACT,
    /** The one-sample distribution at the effective size nm/(n+m); cost independent of n and m. */
    ASYMPTOTIC
  }

  /**
   * The outcome of a test.
   *
   * @param statistic D, from 0 to 1
   * @param pValue P(D ≥ statistic) under the null hypothesis, above 0 and at most 1
   * @param location a value at which D is attained
   * @param sign 1 if F₁ is above F₂ at the location, else −1
   * @param method how p was computed, never {@code AUTO}
   * @param alternative which difference was tested
   * @param n size of the first sample
   * @param m size of the second sample
   */
  public record Result(
      double statistic,
      double pValue,
      double location,
      int sign,
      Method method,
      Alternative alternative,
      int n,
      int m) {}

  /**
   * Tests two-sided with the automatic method.
   *
   * @param x the first sample, any order, not changed
   * @param y the second sample, any order, not changed
   * @return the outcome
   * @throws DriftException if a sample is empty or contains {@code NaN}
   */
  public static Result test(double[] x, double[] y) {
    return test(x, y, Alternative.TWO_SIDED, Method.AUTO);
  }

  /**
   * Tests two samples.
   *
   * @param x the first sample, any order, not changed
   * @param y the second sample, any order, not changed
   * @param alternative which difference counts
   * @param method how p is computed
   * @return the outcome
   * @throws DriftException if a sample is empty or contains {@code NaN}
   */
  public static Result test(double[] x, double[] y, Alternative alternative, Method method) {
    return testOrdered(
        Samples.sorted(requireNonNull(x, "x"), "x"),
        Samples.sorted(requireNonNull(y, "y"), "y"),
        alternative,
        method);
  }

  /**
   * Prepares a reference sample that many live samples are to be tested against: each test then
   * takes time linear in the live sample, which is not sorted.
   *
   * @param reference the reference sample, any order, copied
   * @return the prepared reference
   * @throws DriftException if the sample is empty or contains {@code NaN}
   */
  public static Reference fit(double[] reference) {
    return new Reference(Samples.sorted(requireNonNull(reference, "reference"), "reference"));
  }

  /** A reference sample prepared by {@link #fit}. Immutable; keeps about 9 bytes per value. */
  public static final class Reference {
    private final ReferenceIndex index;
    private final int size;

    private Reference(double[] sorted) {
      size = sorted.length;
      index = new ReferenceIndex(sorted);
    }

    /**
     * Returns the size of the reference.
     *
     * @return how many values it has
     */
    public int size() {
      return size;
    }

    /**
     * Returns the exact two-sided distance D of a live sample.
     *
     * @param live the live sample, any order, not changed
     * @return D, from 0 to 1
     * @throws DriftException if the sample is empty or contains {@code NaN}
     */
    public double statistic(double[] live) {
      return at(live).distance();
    }

    /**
     * Tests a live sample two-sided with the automatic method. Statistic, p and sign are those of
     * {@link KolmogorovSmirnov#test(double[], double[])}; where several values attain D, the
     * location may be another of them.
     *
     * @param live the live sample, any order, not changed
     * @return the outcome
     * @throws DriftException if the sample is empty or contains {@code NaN}
     */
    public Result test(double[] live) {
      ReferenceIndex.At at = at(live);
      Tail tail = tail(at.distance(), size, live.length, Alternative.TWO_SIDED, Method.AUTO);
      return new Result(
          at.distance(),
          tail.p,
          at.location(),
          at.sign(),
          tail.method,
          Alternative.TWO_SIDED,
          size,
          live.length);
    }

    private ReferenceIndex.At at(double[] live) {
      ReferenceIndex.At at = requireNonNull(live, "live").length == 0 ? null : index.distance(live);
      if (at == null) {
        Samples.requireUsable(live, "live");
        throw new IllegalStateException("a usable sample has a distance");
      }
      return at;
    }
  }

  /**
   * Tests two samples that are already in ascending order; takes linear time.
   *
   * @param x the first sample, ascending
   * @param y the second sample, ascending
   * @param alternative which difference counts
   * @param method how p is computed
   * @return the outcome
   * @throws DriftException if a sample is empty, contains {@code NaN} or is not ascending
   */
  public static Result testSorted(double[] x, double[] y, Alternative alternative, Method method) {
    Samples.requireSorted(requireNonNull(x, "x"), "x");
    Samples.requireSorted(requireNonNull(y, "y"), "y");
    return testOrdered(x, y, alternative, method);
  }

  private static Result testOrdered(
      double[] x, double[] y, Alternative alternative, Method method) {
    requireNonNull(alternative, "alternative");
    requireNonNull(method, "method");
    EcdfDifference difference = new EcdfDifference(x, y);
    boolean below = switch (alternative) {
      case TWO_SIDED -> difference.belowIsLarger();
      case GREATER -> false;
      case LESS -> true;
    };
    double d = below ? difference.below() : difference.above();
    Tail tail = tail(d, x.length, y.length, alternative, method);
    return new Result(
        d,
        tail.p,
        below ? difference.belowAt() : difference.aboveAt(),
        below ? -1 : 1,
        tail.method,
        alternative,
        x.length,
        y.length);
  }

  /**
   * Returns the two-sided distance D of two samples.
   *
   * @param x the first sample, any order, not changed
   * @param y the second sample, any order, not changed
   * @return D, from 0 to 1
   * @throws DriftException if a sample is empty or contains {@code NaN}
   */
  public static double statistic(double[] x, double[] y) {
    EcdfDifference difference = new EcdfDifference(
        Samples.sorted(requireNonNull(x, "x"), "x"), Samples.sorted(requireNonNull(y, "y"), "y"));
    return Math.max(difference.above(), difference.below());
  }

  /**
   * Returns p for a distance that is already known, for example from a {@link Profile}.
   *
   * @param d the distance, from 0 to 1
   * @param n size of the first sample, at least 1
   * @param m size of the second sample, at least 1
   * @param alternative which difference {@code d} is
   * @param method how p is computed
   * @return P(D ≥ d), above 0 and at most 1
   * @throws DriftException if an argument is out of range
   */
  public static double pValue(double d, long n, long m, Alternative alternative, Method method) {
    requireSize(n, "n");
    requireSize(m, "m");
    requireDistance(d);
    return tail(d, n, m, requireNonNull(alternative), requireNonNull(method)).p;
  }

  /**
   * Returns P(D<sub>n</sub> ≥ d) for one sample of size n against a fully known continuous
   * distribution, to about 1e-10 relative; the cost does not grow with n.
   *
   * @param d the distance, from 0 to 1
   * @param n the sample size, at least 1
   * @return the probability, from 0 to 1
   * @throws DriftException if an argument is out of range
   */
  public static double oneSampleSurvival(double d, long n) {
    requireSize(n, "n");
    requireDistance(d);
    return OneSampleKs.survival(n, d);
  }

  private static void requireSize(long size, String name) {
    if (size < 1) {
      throw DriftException.invalidInput(name + " must be at least 1, got " + size);
    }
  }

  private static void requireDistance(double d) {
    if (!(d >= 0 && d <= 1)) {
      throw DriftException.invalidInput("d must be from 0 to 1, got " + d);
    }
  }

  private record Tail(double p, Method method) {
    Tail {
      p = Math.max(Double.MIN_VALUE, Math.min(1, p));
    }
  }

  private static Tail tail(double d, long n, long m, Alternative alternative, Method method) {
    boolean twoSided = alternative == Alternative.TWO_SIDED;
    boolean exact =
        method == Method.EXACT || (method == Method.AUTO && Math.max(n, m) <= AUTO_EXACT_UP_TO);
    double effective = (double) n * m / ((double) n + m);
    // 1 against 1 has no effective size left to be asymptotic in; the exact answer is immediate.
    if (twoSided && Math.rint(effective) < 1) {
      exact = true;
    }
    if (exact && countable(n, m, twoSided)) {
      long h = Math.round(d * lcm(n, m));
      double p = h == 0
          ? 1
          : twoSided
              ? ExactKs.twoSided((int) n, (int) m, h)
              : ExactKs.oneSided((int) n, (int) m, h);
      return new Tail(p, Method.EXACT);
    }
    if (twoSided) {
      return new Tail(OneSampleKs.survival(Math.rint(effective), d), Method.ASYMPTOTIC);
    }
    double large = Math.max(n, m);
    double small = Math.min(n, m);
    double z = Math.sqrt(effective) * d;
    // Hodges, Arkiv foer Matematik 3 (1958), equation 5.3.
    double correction =
        2 * z * (large + 2 * small) / Math.sqrt(large * small * (large + small)) / 3;
    return new Tail(Math.exp(-2 * z * z - correction), Method.ASYMPTOTIC);
  }

  private static long lcm(long n, long m) {
    return n / ExactKs.gcd(n, m) * m;
  }

  private static boolean countable(long n, long m, boolean twoSided) {
    if (Math.max(n, m) > Integer.MAX_VALUE) {
      return false;
    }
    if (n == m) {
      return true;
    }
    return lcm(n, m) / ExactKs.gcd(n, m) < Integer.MAX_VALUE
        && (twoSided || SpecialFunctions.logBinomial((double) n + m, n) < LOG_MAX_DOUBLE);
  }
}
