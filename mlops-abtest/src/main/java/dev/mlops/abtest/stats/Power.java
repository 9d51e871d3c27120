package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.NoncentralT;
import dev.mlops.abtest.internal.math.Normal;
import java.time.Duration;
import java.util.function.DoubleUnaryOperator;

/**
 * Sample sizes, power and minimum detectable effects of two-sided tests with equal arms. Sizes are
 * units per arm, not rounded: round up.
 */
public final class Power {
  private Power() {}

  /**
   * Units per arm for a t-test of means, exactly by the noncentral t distribution.
   *
   * @param effect smallest difference to find, in standard deviations (Cohen's d), not 0
   * @param alpha two-sided level
   * @param power chance to find it
   * @return units per arm
   */
  public static double unitsForMeans(double effect, double alpha, double power) {
    checkLevels(alpha, power);
    double d = Math.abs(Checks.finite("effect", effect));
    Checks.positive("effect", d);
    double z = Normal.upperQuantile(alpha / 2) + Normal.upperQuantile(1 - power);
    double start = 2 * z * z / (d * d);
    return solve(n -> powerForMeans(d, n, n, alpha), power, 2.0001, 4 * start + 20);
  }

  /**
   * Power of a t-test of means with equal variances.
   *
   * @param effect true difference in standard deviations
   * @param controlUnits units in control
   * @param treatmentUnits units in treatment
   * @param alpha two-sided level
   * @return from alpha to 1
   */
  public static double powerForMeans(
      double effect, double controlUnits, double treatmentUnits, double alpha) {
    Checks.probability("alpha", alpha);
    double shift =
        effect * Math.sqrt(controlUnits * treatmentUnits / (controlUnits + treatmentUnits));
    return NoncentralT.power(shift, controlUnits + treatmentUnits - 2, alpha);
  }

  /**
   * Units per arm for the pooled z-test of two proportions.
   *
   * @param control the control's proportion
   * @param treatment the smallest other proportion to find
   * @param alpha two-sided level
   * @param power chance to find it
   * @return units per arm
   */
  public static double unitsForProportions(
      double control, double treatment, double alpha, double power) {
    checkLevels(alpha, power);
    double delta = difference(control, treatment);
    double mean = (control + treatment) / 2;
    double spread = control * (1 - control) + treatment * (1 - treatment);
    double root = Normal.upperQuantile(alpha / 2) * Math.sqrt(2 * mean * (1 - mean))
        + Normal.upperQuantile(1 - power) * Math.sqrt(spread);
    return root * root / (delta * delta);
  }

  /**
   * Units per arm for the unpooled z-test of two proportions.
   *
   * @param control the control's proportion
   * @param treatment the smallest other proportion to find
   * @param alpha two-sided level
   * @param power chance to find it
   * @return units per arm
   */
  public static double unitsForProportionsUnpooled(
      double control, double treatment, double alpha, double power) {
    checkLevels(alpha, power);
    double delta = difference(control, treatment);
    double z = Normal.upperQuantile(alpha / 2) + Normal.upperQuantile(1 - power);
    double spread = control * (1 - control) + treatment * (1 - treatment);
    return z * z * spread / (delta * delta);
  }

  /**
   * Units per arm for the z-test of arcsine-transformed proportions, both tails counted.
   *
   * @param control the control's proportion
   * @param treatment the smallest other proportion to find
   * @param alpha two-sided level
   * @param power chance to find it
   * @return units per arm
   */
  public static double unitsForProportionsArcsine(
      double control, double treatment, double alpha, double power) {
    checkLevels(alpha, power);
    double h = Math.abs(cohenH(control, treatment));
    double critical = Normal.upperQuantile(alpha / 2);
    DoubleUnaryOperator powerAt = n -> {
      double shift = h * Math.sqrt(n / 2);
      return Normal.sf(critical - shift) + Normal.sf(critical + shift);
    };
    return solve(powerAt, power, 1e-9, 2 / (h * h));
  }

  /**
   * Cohen's effect size of two proportions.
   *
   * @param control the control's proportion
   * @param treatment the other proportion
   * @return 2 asin &radic;treatment - 2 asin &radic;control
   */
  public static double cohenH(double control, double treatment) {
    difference(control, treatment);
    return 2 * Math.asin(Math.sqrt(treatment)) - 2 * Math.asin(Math.sqrt(control));
  }

  /**
   * The smallest difference of means that is found with the given power, normal approximation.
   *
   * @param standardDeviation of one unit
   * @param unitsPerArm units in each arm
   * @param alpha two-sided level
   * @param power chance to find it
   * @return in units of the metric
   */
  public static double minimumDetectableEffect(
      double standardDeviation, double unitsPerArm, double alpha, double power) {
    checkLevels(alpha, power);
    Checks.positive("standard deviation", standardDeviation);
    Checks.positive("units per arm", unitsPerArm);
    double z = Normal.upperQuantile(alpha / 2) + Normal.upperQuantile(1 - power);
    return z * standardDeviation * Math.sqrt(2 / unitsPerArm);
  }

  /**
   * How long it takes to expose a number of units.
   *
   * @param units over all arms
   * @param unitsPerDay new units that enter the experiment per day
   * @return the duration, rounded up to a second
   */
  public static Duration duration(double units, double unitsPerDay) {
    Checks.positive("units", units);
    Checks.positive("units per day", unitsPerDay);
    return Duration.ofSeconds((long) Math.ceil(units / unitsPerDay * 86_400));
  }

  private static double solve(
      DoubleUnaryOperator power, double target, double from, double firstGuess) {
    double low = from;
    double high = firstGuess;
    while (power.applyAsDouble(high) < target) {
      low = high;
      high *= 2;
    }
    for (int i = 0; i < 100 && high - low > 1e-10 * high; i++) {
      double middle = 0.5 * (low + high);
      if (power.applyAsDouble(middle) < target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return 0.5 * (low + high);
  }

  private static double difference(double control, double treatment) {
    Checks.probability("control proportion", control);
    Checks.probability("treatment proportion", treatment);
    if (control == treatment) {
      throw Checks.invalid("the proportions must differ, both are " + control);
    }
    return treatment - control;
  }

  private static void checkLevels(double alpha, double power) {
    Checks.probability("alpha", alpha);
    Checks.probability("power", power);
    if (power <= alpha) {
      throw Checks.invalid("power must be above alpha " + alpha + ", got " + power);
    }
  }
}
