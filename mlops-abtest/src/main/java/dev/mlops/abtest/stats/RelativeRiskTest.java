package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;

/**
 * Sequential test of a variant's risk of failure against the control's over stages with different
 * traffic shares. Like {@link FailureAllocationTest} it looks at failures only, but the alternative
 * is a geometric grid of 24 risk ratios from 1.1 to 64, so the share may change from stage to
 * stage. Each failure costs one addition per grid point. An instance is one state; {@link #plus}
 * makes the next. Immutable.
 */
public final class RelativeRiskTest {
  private static final int POINTS = 24;
  private static final double LOWEST = 1.1;
  private static final double HIGHEST = 64;

  private final double margin;
  private final double[] logs;

  private RelativeRiskTest(double margin, double[] logs) {
    this.margin = margin;
    this.logs = logs;
  }

  /**
   * The test before any failure.
   *
   * @param margin relative excess of risk that is tolerated, 0 or more
   * @return the test
   */
  public static RelativeRiskTest start(double margin) {
    if (!(margin >= 0 && margin < Double.POSITIVE_INFINITY)) {
      throw Checks.invalid("margin must be 0 or more, got " + margin);
    }
    double[] logs = new double[POINTS];
    java.util.Arrays.fill(logs, -Math.log(POINTS));
    return new RelativeRiskTest(margin, logs);
  }

  /**
   * Adds the failures of one stage, or of any stretch with one traffic share. Count each randomised
   * unit once.
   *
   * @param trafficShare the variant's share of the units, between 0 and 1
   * @param variantFailures units of the variant that failed
   * @param totalFailures units that failed, over both
   * @return the test after them
   */
  public RelativeRiskTest plus(double trafficShare, long variantFailures, long totalFailures) {
    Checks.probability("traffic share", trafficShare);
    Checks.atLeast("variant failures", 0, variantFailures);
    Checks.atLeast("total failures", variantFailures, totalFailures);
    double allowed = share(trafficShare, 1 + margin);
    double[] next = logs.clone();
    for (int j = 0; j < POINTS; j++) {
      double step = j / (POINTS - 1.0);
      double ratio = (1 + margin) * LOWEST * Math.pow(HIGHEST / LOWEST, step);
      double theta = share(trafficShare, ratio);
      next[j] += variantFailures * Math.log(theta / allowed)
          + (totalFailures - variantFailures) * Math.log((1 - theta) / (1 - allowed));
    }
    return new RelativeRiskTest(margin, next);
  }

  /**
   * Evidence that the variant's risk is above the tolerated one.
   *
   * @return ln e
   */
  public double logE() {
    double highest = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      highest = Math.max(highest, log);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - highest);
    }
    return highest + Math.log(sum);
  }

  /**
   * Always-valid p-value of "the variant's risk is at most 1 + margin times the control's".
   *
   * @return min(1, 1/e)
   */
  public double pValue() {
    return Math.min(1, Math.exp(-logE()));
  }

  private static double share(double traffic, double ratio) {
    return traffic * ratio / (1 - traffic + traffic * ratio);
  }
}
