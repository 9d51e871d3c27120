package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Normal;

/**
 * Two proportions, treatment minus control. The test is the pooled score z; the intervals stay
 * valid at 0 and at n, where the textbook (Wald) interval collapses. Immutable.
 *
 * @param controlSuccesses from 0 to controlCount
 * @param controlCount at least 1
 * @param treatmentSuccesses from 0 to treatmentCount
 * @param treatmentCount at least 1
 */
public record ProportionTest(
    long controlSuccesses, long controlCount, long treatmentSuccesses, long treatmentCount) {
  /** Checks that the counts are possible. */
  public ProportionTest {
    check("control", controlSuccesses, controlCount);
    check("treatment", treatmentSuccesses, treatmentCount);
  }

  /**
   * Treatment's proportion minus control's.
   *
   * @return from -1 to 1
   */
  public double difference() {
    return treatmentProportion() - controlProportion();
  }

  /**
   * Control's proportion.
   *
   * @return from 0 to 1
   */
  public double controlProportion() {
    return (double) controlSuccesses / controlCount;
  }

  /**
   * Treatment's proportion.
   *
   * @return from 0 to 1
   */
  public double treatmentProportion() {
    return (double) treatmentSuccesses / treatmentCount;
  }

  /**
   * The score statistic with the pooled variance.
   *
   * @return z
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if all units succeeded or none did
   */
  public double z() {
    double pooled =
        (double) (controlSuccesses + treatmentSuccesses) / (controlCount + treatmentCount);
    double variance = pooled * (1 - pooled) * (1.0 / controlCount + 1.0 / treatmentCount);
    return difference() / Math.sqrt(positive(variance));
  }

  /**
   * The statistic with each sample's own variance, as confidence sequences use it.
   *
   * @return z
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if neither sample varies
   */
  public double zUnpooled() {
    return difference() / Math.sqrt(positive(variance()));
  }

  /**
   * Two-sided p-value of the pooled score test.
   *
   * @return more than 0, at most 1
   */
  public double pValue() {
    return Normal.twoSided(z());
  }

  /**
   * Variance of the difference with each sample's own variance p(1-p)/n.
   *
   * @return 0 when neither sample varies
   */
  public double variance() {
    double c = controlProportion();
    double t = treatmentProportion();
    return c * (1 - c) / controlCount + t * (1 - t) / treatmentCount;
  }

  /**
   * Newcombe's hybrid score interval of the difference (Newcombe 1998, method 10).
   *
   * @param alpha one minus the confidence level
   * @return the interval, inside [-1, 1]
   */
  public Interval newcombe(double alpha) {
    Interval c = wilson(controlSuccesses, controlCount, alpha);
    Interval t = wilson(treatmentSuccesses, treatmentCount, alpha);
    double d = difference();
    double pc = controlProportion();
    double pt = treatmentProportion();
    return new Interval(
        d - Math.hypot(pt - t.low(), c.high() - pc), d + Math.hypot(t.high() - pt, pc - c.low()));
  }

  /**
   * Wilson's score interval of one proportion (Wilson 1927).
   *
   * @param successes from 0 to count
   * @param count at least 1
   * @param alpha one minus the confidence level
   * @return the interval, inside [0, 1]
   */
  public static Interval wilson(long successes, long count, double alpha) {
    check("sample", successes, count);
    double z = Normal.upperQuantile(Checks.probability("alpha", alpha) / 2);
    double p = (double) successes / count;
    double square = z * z / count;
    double centre = (p + square / 2) / (1 + square);
    double half = z / (1 + square) * Math.sqrt(p * (1 - p) / count + square / (4 * count));
    return new Interval(
        successes == 0 ? 0 : Math.max(0, centre - half),
        successes == count ? 1 : Math.min(1, centre + half));
  }

  /**
   * Miettinen and Nurminen's score interval of the difference (1985): all differences that the
   * score test, with the restricted maximum likelihood estimates and the factor N/(N-1), does not
   * reject.
   *
   * @param alpha one minus the confidence level
   * @return the interval, inside [-1, 1]
   */
  public Interval miettinenNurminen(double alpha) {
    return ScoreInterval.of(this, alpha);
  }

  /**
   * Fisher's exact test, two-sided: the probability of all tables with the same margins that are
   * not more likely than this one. For small samples.
   *
   * @return more than 0, at most 1
   */
  public double fisherPValue() {
    return FisherExact.pValue(this);
  }

  private static double positive(double variance) {
    if (!(variance > 0)) {
      throw Checks.invalid("a z statistic needs a positive variance; every unit had one outcome");
    }
    return variance;
  }

  private static void check(String arm, long successes, long count) {
    Checks.atLeast("units in " + arm, 1, count);
    if (successes < 0 || successes > count) {
      throw Checks.invalid("successes in " + arm + " must be 0 to " + count + ", got " + successes);
    }
  }
}
