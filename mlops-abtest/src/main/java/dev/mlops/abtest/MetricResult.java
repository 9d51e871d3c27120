package dev.mlops.abtest;

import dev.mlops.abtest.stats.Interval;
import dev.mlops.abtest.stats.NormalPosterior;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One metric of one variant against the control. Immutable.
 *
 * @param metric the metric
 * @param variant the variant compared with the control
 * @param controlUnits units in the control
 * @param treatmentUnits units in the variant
 * @param control the metric's value in the control, weighted over epochs; NaN without units
 * @param treatment its value in the variant, weighted likewise; NaN without units
 * @param difference treatment minus control; NaN without units
 * @param interval of the difference at the plan's level, unless refused
 * @param pValue of "no difference", unless refused
 * @param adjustedPValue corrected over the goals, for goals only
 * @param relativeLift interval of difference / control, where the control is away from 0
 * @param posterior of the difference, under a Bayesian plan only; not protected against peeking
 * @param status what it means
 * @param method the test's name
 * @param peekSafe whether the interval holds however often it is looked at
 * @param refusal why the p-value is missing, and with it the interval unless this is a guardrail of
 *     a variant that waits for a guardrail
 */
public record MetricResult(
    Metric metric,
    String variant,
    long controlUnits,
    long treatmentUnits,
    double control,
    double treatment,
    double difference,
    Optional<Interval> interval,
    OptionalDouble pValue,
    OptionalDouble adjustedPValue,
    Optional<Interval> relativeLift,
    Optional<NormalPosterior> posterior,
    Status status,
    String method,
    boolean peekSafe,
    Optional<Refusal> refusal) {
  /** What a result means for the decision. */
  public enum Status {
    /** A goal or signal is significantly better than the control. */
    BETTER,
    /** A goal or signal is significantly worse. */
    WORSE,
    /** No significant difference. */
    INCONCLUSIVE,
    /** A guardrail is shown to be worse by less than its margin, if at all. */
    WITHIN_MARGIN,
    /** A guardrail is shown to be worse by more than its margin. */
    BEYOND_MARGIN,
    /** A guardrail is shown neither to hold nor to be broken. */
    OPEN,
    /** No test was made. */
    NOT_TESTED
  }

  /** The estimates alone, with the reason why there is no more. */
  MetricResult withheld(Refusal why) {
    return new MetricResult(
        metric,
        variant,
        controlUnits,
        treatmentUnits,
        control,
        treatment,
        difference,
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        Optional.empty(),
        Status.NOT_TESTED,
        method,
        peekSafe,
        Optional.of(why));
  }

  /** Without p-value and posterior: where a guardrail stands against its margin stays visible. */
  MetricResult withoutPValue(Refusal why) {
    return new MetricResult(
        metric,
        variant,
        controlUnits,
        treatmentUnits,
        control,
        treatment,
        difference,
        interval,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        relativeLift,
        Optional.empty(),
        status,
        method,
        peekSafe,
        Optional.of(why));
  }

  MetricResult withAdjusted(double adjusted, Status newStatus) {
    return new MetricResult(
        metric,
        variant,
        controlUnits,
        treatmentUnits,
        control,
        treatment,
        difference,
        interval,
        pValue,
        OptionalDouble.of(adjusted),
        relativeLift,
        posterior,
        newStatus,
        method,
        peekSafe,
        refusal);
  }

  /**
   * Posterior probability that the variant is better, under a Bayesian plan.
   *
   * @return from 0 to 1
   */
  public OptionalDouble chanceToWin() {
    return posterior
        .map(p -> {
          double above = p.chanceAboveZero();
          return OptionalDouble.of(metric.direction().sign() > 0 ? above : 1 - above);
        })
        .orElse(OptionalDouble.empty());
  }

  /**
   * What shipping the variant is expected to lose, in units of the metric, under a Bayesian plan.
   *
   * @return 0 or more
   */
  public OptionalDouble expectedLoss() {
    return posterior
        .map(p -> OptionalDouble.of(
            metric.direction().sign() > 0 ? p.expectedShortfall() : p.expectedGain()))
        .orElse(OptionalDouble.empty());
  }
}
