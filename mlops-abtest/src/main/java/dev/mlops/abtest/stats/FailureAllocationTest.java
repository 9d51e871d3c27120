package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Beta;
import dev.mlops.abtest.internal.math.Gamma;

/**
 * Sequential test whether failures fall on a variant more often than its share of the traffic
 * allows, whatever the base rate and however it moves: given a failure, the chance that the variant
 * had it is &theta; = &rho;(1+m)/((1-&rho;) + &rho;(1+m)) if its risk is 1+m times the control's.
 * The alternative is a Beta(a, b) on &theta; cut off below (a one-sided form of Lindon and Malek
 * 2022). The bound holds if each randomised unit counts with its first failure only. Immutable.
 *
 * @param variantFailures units of the variant that failed
 * @param totalFailures units that failed, over both
 * @param trafficShare the variant's share of the units, between 0 and 1
 * @param margin relative excess of risk that is tolerated, 0 or more
 * @param priorA shape of the alternative, positive
 * @param priorB shape of the alternative, positive
 */
public record FailureAllocationTest(
    long variantFailures,
    long totalFailures,
    double trafficShare,
    double margin,
    double priorA,
    double priorB) {
  /** Checks the ranges. */
  public FailureAllocationTest {
    Checks.atLeast("variant failures", 0, variantFailures);
    Checks.atLeast("total failures", variantFailures, totalFailures);
    Checks.probability("traffic share", trafficShare);
    if (!(margin >= 0 && margin < Double.POSITIVE_INFINITY)) {
      throw Checks.invalid("margin must be 0 or more, got " + margin);
    }
    Checks.positive("prior a", priorA);
    Checks.positive("prior b", priorB);
  }

  /**
   * The share of failures that the variant may have.
   *
   * @return &theta;<sub>0</sub>
   */
  public double allowedShare() {
    double risk = trafficShare * (1 + margin);
    return risk / (1 - trafficShare + risk);
  }

  /**
   * Evidence that the variant fails more.
   *
   * @return ln e
   */
  public double logE() {
    double theta = allowedShare();
    double a = priorA + variantFailures;
    double b = priorB + totalFailures - variantFailures;
    double log = Math.log(theta);
    double logOther = Math.log1p(-theta);
    return Gamma.logBeta(a, b)
        + upper(a, b, theta)
        - Gamma.logBeta(priorA, priorB)
        - upper(priorA, priorB, theta)
        - variantFailures * log
        - (totalFailures - variantFailures) * logOther;
  }

  /**
   * Always-valid p-value of "the variant does not fail more than allowed".
   *
   * @return min(1, 1/e)
   */
  public double pValue() {
    return Math.min(1, Math.exp(-logE()));
  }

  /** ln P(Beta(a, b) > theta). */
  private static double upper(double a, double b, double theta) {
    return Beta.logRegularized(b, a, 1 - theta, Math.log1p(-theta), Math.log(theta));
  }
}
