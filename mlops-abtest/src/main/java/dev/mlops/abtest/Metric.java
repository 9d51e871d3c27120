package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import java.util.List;
import java.util.Objects;

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
 */
public record Metric(String name, Kind kind, Direction direction, Role role) {
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

  /** Checks the name. */
  public Metric {
    Checks.name("metric", name);
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(role, "role");
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

  private static Metric of(String name, Kind kind) {
    return new Metric(name, kind, Direction.HIGHER_IS_BETTER, new Role.Goal());
  }

  /**
   * A copy with another name, for two metrics over one outcome.
   *
   * @param newName unique in a plan
   * @return the copy
   */
  public Metric named(String newName) {
    return new Metric(newName, kind, direction, role);
  }

  /**
   * A copy where less is better.
   *
   * @return the copy
   */
  public Metric lowerIsBetter() {
    return new Metric(name, kind, Direction.LOWER_IS_BETTER, role);
  }

  /**
   * A copy that guards: it may get worse by up to the margin, and that must be shown.
   *
   * @param margin in units of the metric, more than 0
   * @return the copy
   */
  public Metric guardrail(double margin) {
    return new Metric(name, kind, direction, new Role.Guardrail(margin));
  }

  /**
   * A copy that is only reported.
   *
   * @return the copy
   */
  public Metric signal() {
    return new Metric(name, kind, direction, new Role.Signal());
  }
}
