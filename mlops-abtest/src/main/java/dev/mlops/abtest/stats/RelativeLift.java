package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import java.util.Optional;

/**
 * Interval of the relative lift treatment/control - 1 of two independent estimates. The delta
 * method linearises; Fieller's theorem (1954) does not and is what to use when the control is less
 * than five standard errors from 0. Immutable.
 *
 * @param control estimate for the control, not 0
 * @param controlVariance variance of that estimate
 * @param treatment estimate for the treatment
 * @param treatmentVariance variance of that estimate
 */
public record RelativeLift(
    double control, double controlVariance, double treatment, double treatmentVariance) {
  /** Checks that the lift exists. */
  public RelativeLift {
    Checks.finite("control", control);
    Checks.finite("treatment", treatment);
    if (control == 0) {
      throw Checks.invalid("relative lift: the control must not be 0");
    }
    if (!(controlVariance >= 0 && treatmentVariance >= 0)) {
      throw Checks.invalid("relative lift: variances must be 0 or more, got "
          + controlVariance
          + " and "
          + treatmentVariance);
    }
  }

  /**
   * The estimate.
   *
   * @return treatment/control - 1
   */
  public double lift() {
    return (treatment - control) / control;
  }

  /**
   * Standard error by the delta method: v<sub>T</sub>/c&sup2; + v<sub>C</sub> t&sup2;/c&#8308;.
   *
   * @return the standard error of the lift
   */
  public double standardError() {
    double ratio = treatment / control;
    return Math.sqrt(treatmentVariance + controlVariance * ratio * ratio) / Math.abs(control);
  }

  /**
   * Interval by the delta method.
   *
   * @param criticalValue for example 1.96
   * @return lift &plusmn; critical value &times; standard error
   */
  public Interval delta(double criticalValue) {
    return Interval.around(lift(), criticalValue * standardError());
  }

  /**
   * Interval by Fieller's theorem.
   *
   * @param criticalValue for example 1.96
   * @return empty when the control is not separated from 0, where the set is unbounded
   */
  public Optional<Interval> fieller(double criticalValue) {
    double k = criticalValue * criticalValue;
    double denominator = control * control - k * controlVariance;
    if (!(denominator > 0)) {
      return Optional.empty();
    }
    double inner = treatment * treatment * controlVariance
        + control * control * treatmentVariance
        - k * controlVariance * treatmentVariance;
    double root = criticalValue * Math.sqrt(Math.max(0, inner));
    double product = treatment * control;
    return Optional.of(
        new Interval((product - root) / denominator - 1, (product + root) / denominator - 1));
  }

  /**
   * Fieller's interval when the control is less than five standard errors from 0, else the delta
   * method's.
   *
   * @param criticalValue for example 1.96
   * @return empty when Fieller's set is unbounded
   */
  public Optional<Interval> interval(double criticalValue) {
    boolean close = Math.abs(control) < 5 * Math.sqrt(controlVariance);
    return close ? fieller(criticalValue) : Optional.of(delta(criticalValue));
  }
}
