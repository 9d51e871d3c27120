package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.stats.Interval;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is measured per unit and what it is for. Immutable; the {@code ...} methods return changed
 * copies.
 *
 * <pre>{@code
 * Metric.proportion("conversion")                              // goal, higher is better
 * Metric.mean("latency_ms").lowerIsBetter().guardrail(5.0)     // may get worse by up to 5 ms
 * }</pre>
 *
 * @param name unique in a plan
 * @param kind how units' outcomes become one number
 * @param direction which way is better
 * @param role what the verdict does with it
 * @param covariate outcome known before the exposure that explains part of the variance (CUPED)
 * @param bounds what a unit's outcome is clamped to (winsorising)
 */
public record Metric(
    String name,
    Kind kind,
    Direction direction,
    Role role,
    Optional<String> covariate,
    Optional<Interval> bounds) {
  /** Which way is better. */
  public enum Direction {
    /** More is better. */
    HIGHER_IS_BETTER(1),
    /** Less is better. */
    LOWER_IS_BETTER(-1);

    private final int sign;

    Direction(int sign) {
      this.sign = sign;
    }

    /**
     * Turns a difference into a gain.
     *
     * @return 1 or -1
     */
    public int sign() {
      return sign;
    }
  }

  /** How the outcomes of units become one number per variant. */
  public sealed interface Kind {
    /**
     * The outcomes this kind reads.
     *
     * @return their names
     */
    List<String> outcomes();

    /**
     * The mean over units of each unit's summed outcome; a unit without one counts as 0.
     *
     * @param outcome the outcome's name
     */
    record Mean(String outcome) implements Kind {
      @Override
      public List<String> outcomes() {
        return List.of(outcome);
      }
    }

    /**
     * The share of units with at least one outcome above 0.
     *
     * @param outcome the outcome's name
     */
    record Proportion(String outcome) implements Kind {
      @Override
      public List<String> outcomes() {
        return List.of(outcome);
      }
    }

    /**
     * The ratio of two outcomes, each summed over units, for example clicks per page view.
     *
     * @param numerator the outcome above
     * @param denominator the outcome below
     */
    record Ratio(String numerator, String denominator) implements Kind {
      @Override
      public List<String> outcomes() {
        return List.of(numerator, denominator);
      }
    }

    /**
     * A quantile over units of each unit's mean outcome; units without one are left out.
     *
     * @param outcome the outcome's name
     * @param quantile between 0 and 1, for example 0.95
     */
    record Quantile(String outcome, double quantile) implements Kind {
      /** Checks the quantile. */
      public Quantile {
        Checks.probability("quantile", quantile);
      }

      @Override
      public List<String> outcomes() {
        return List.of(outcome);
      }
    }
  }

  /** What the verdict does with a metric. */
  public sealed interface Role {
    /** A winner must improve a goal; goals share the plan's correction. */
    record Goal() implements Role {}

    /**
     * A winner must be shown not to be worse by more than the margin.
     *
     * @param margin in units of the metric, more than 0
     */
    record Guardrail(double margin) implements Role {
      /** Checks the margin. */
      public Guardrail {
        Checks.positive("guardrail margin", margin);
      }
    }

    /** Reported, never decides. */
    record Signal() implements Role {}
  }

  /** Checks the parts. */
  public Metric {
    Checks.name("metric", name);
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(role, "role");
    kind.outcomes().forEach(outcome -> Checks.name("outcome", outcome));
    covariate.ifPresent(outcome -> Checks.name("covariate", outcome));
    if (bounds.isPresent() && !(kind instanceof Kind.Mean)) {
      throw Checks.invalid("metric '" + name + "': bounds are for means, this is a " + kind);
    }
    if (covariate.isPresent() && kind instanceof Kind.Quantile) {
      throw Checks.invalid("metric '" + name
          + "': a covariate is for means, proportions and ratios, this is a " + kind);
    }
  }

  /**
   * The mean of an outcome per unit; a goal where higher is better.
   *
   * @param outcome the outcome's name, also the metric's
   * @return the metric
   */
  public static Metric mean(String outcome) {
    return of(outcome, new Kind.Mean(outcome));
  }

  /**
   * The share of units with an outcome above 0; a goal where higher is better.
   *
   * @param outcome the outcome's name, also the metric's
   * @return the metric
   */
  public static Metric proportion(String outcome) {
    return of(outcome, new Kind.Proportion(outcome));
  }

  /**
   * The ratio of two summed outcomes; a goal where higher is better.
   *
   * @param name unique in a plan
   * @param numerator the outcome above
   * @param denominator the outcome below
   * @return the metric
   */
  public static Metric ratio(String name, String numerator, String denominator) {
    return of(name, new Kind.Ratio(numerator, denominator));
  }

  /**
   * A quantile over units; a goal where higher is better.
   *
   * @param name unique in a plan
   * @param outcome the outcome's name
   * @param quantile between 0 and 1
   * @return the metric
   */
  public static Metric quantile(String name, String outcome, double quantile) {
    return of(name, new Kind.Quantile(outcome, quantile));
  }

  private static Metric of(String name, Kind kind) {
    return new Metric(
        name,
        kind,
        Direction.HIGHER_IS_BETTER,
        new Role.Goal(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * A copy with another name, for two metrics over one outcome.
   *
   * @param newName unique in a plan
   * @return the copy
   */
  public Metric named(String newName) {
    return new Metric(newName, kind, direction, role, covariate, bounds);
  }

  /**
   * A copy where less is better.
   *
   * @return the copy
   */
  public Metric lowerIsBetter() {
    return new Metric(name, kind, Direction.LOWER_IS_BETTER, role, covariate, bounds);
  }

  /**
   * A copy that guards: it may get worse by up to the margin, and that must be shown.
   *
   * @param margin in units of the metric, more than 0
   * @return the copy
   */
  public Metric guardrail(double margin) {
    return new Metric(name, kind, direction, new Role.Guardrail(margin), covariate, bounds);
  }

  /**
   * A copy that is only reported.
   *
   * @return the copy
   */
  public Metric signal() {
    return new Metric(name, kind, direction, new Role.Signal(), covariate, bounds);
  }

  /**
   * A copy that removes the variance explained by an outcome from before the exposure (CUPED). A
   * proportion is then judged as the mean of zeros and ones, a ratio by its units' linearised
   * contributions; where the covariate has one value only, it is left out.
   *
   * @param outcome the covariate's name; it must not be influenced by the variant
   * @return the copy
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if this is a quantile
   */
  public Metric covariate(String outcome) {
    return new Metric(name, kind, direction, role, Optional.of(outcome), bounds);
  }

  /**
   * A copy that clamps each unit's outcome, so that a few extreme units do not drown the rest.
   *
   * @param low smallest value that counts
   * @param high largest value that counts
   * @return the copy
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if this is not a mean
   */
  public Metric winsorised(double low, double high) {
    return new Metric(name, kind, direction, role, covariate, Optional.of(new Interval(low, high)));
  }
}
