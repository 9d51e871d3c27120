package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Beta;
import dev.mlops.abtest.internal.math.Gamma;
import dev.mlops.abtest.internal.math.Quadrature;
import java.util.function.DoubleUnaryOperator;

/**
 * Two proportions with independent Beta priors. The chance to win and the expected loss are read
 * off the posteriors; neither protects against peeking: stopping when the chance passes 95 % picks
 * a false winner far more often than one time in twenty. Immutable.
 *
 * @param counts successes and units of both arms
 * @param priorAlpha prior successes, positive
 * @param priorBeta prior failures, positive
 */
public record BetaBinomial(ProportionTest counts, double priorAlpha, double priorBeta) {
  private static final int PANELS = 60;

  /** Checks the prior. */
  public BetaBinomial {
    Checks.positive("prior alpha", priorAlpha);
    Checks.positive("prior beta", priorBeta);
  }

  /**
   * Posterior mean of the control.
   *
   * @return from 0 to 1
   */
  public double controlMean() {
    return a(true) / (a(true) + b(true));
  }

  /**
   * Posterior mean of the treatment.
   *
   * @return from 0 to 1
   */
  public double treatmentMean() {
    return a(false) / (a(false) + b(false));
  }

  /**
   * Posterior probability that the treatment's proportion is the larger one.
   *
   * @return from 0 to 1
   */
  public double chanceTreatmentIsHigher() {
    return integrate(x -> density(true, x) * (1 - cdf(false, x)));
  }

  /**
   * What choosing the treatment is expected to lose: E[max(control - treatment, 0)].
   *
   * @return 0 or more
   */
  public double expectedLossOfTreatment() {
    return integrate(x -> cdf(false, x) * (1 - cdf(true, x)));
  }

  /**
   * What choosing the control is expected to lose: E[max(treatment - control, 0)].
   *
   * @return 0 or more
   */
  public double expectedLossOfControl() {
    return integrate(x -> cdf(true, x) * (1 - cdf(false, x)));
  }

  private double integrate(DoubleUnaryOperator f) {
    double low = Math.min(edge(true, -1), edge(false, -1));
    double high = Math.max(edge(true, 1), edge(false, 1));
    return Quadrature.integrate(f, low, high, PANELS);
  }

  private double edge(boolean control, int side) {
    double a = a(control);
    double b = b(control);
    double sd = Math.sqrt(a * b / ((a + b) * (a + b) * (a + b + 1)));
    return Math.min(1, Math.max(0, a / (a + b) + side * 14 * sd));
  }

  private double cdf(boolean control, double x) {
    return Beta.regularized(a(control), b(control), x);
  }

  private double density(boolean control, double x) {
    double a = a(control);
    double b = b(control);
    return Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - Gamma.logBeta(a, b));
  }

  private double a(boolean control) {
    return priorAlpha + (control ? counts.controlSuccesses() : counts.treatmentSuccesses());
  }

  private double b(boolean control) {
    return priorBeta
        + (control
            ? counts.controlCount() - counts.controlSuccesses()
            : counts.treatmentCount() - counts.treatmentSuccesses());
  }
}
