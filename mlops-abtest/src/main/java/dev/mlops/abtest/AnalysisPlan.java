package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How the data will be judged, declared before there is any. The design fixes when a verdict may be
 * given; everything else has a default. Immutable.
 *
 * <pre>{@code
 * AnalysisPlan plan =
 *     AnalysisPlan.fixed(20_000)
 *         .metric(Metric.proportion("conversion"))
 *         .metric(Metric.mean("latency_ms").lowerIsBetter().guardrail(5.0))
 *         .build();
 * }</pre>
 */
public final class AnalysisPlan {
  /** When a verdict may be given. */
  public sealed interface Design {
    /**
     * One look, at the planned number of units over all variants.
     *
     * @param plannedUnits at least 4
     */
    record Fixed(long plannedUnits) implements Design {
      /** Checks the number. */
      public Fixed {
        Checks.atLeast("planned units", 4, plannedUnits);
      }
    }

    /**
     * A look whenever you like: intervals and p-values hold at all looks at once.
     *
     * @param tuningUnits where the intervals are tightest, in units over control and variant
     * @param maximumUnits when to give up and keep the control, if ever
     */
    record AlwaysValid(long tuningUnits, OptionalLong maximumUnits) implements Design {
      /** Checks the numbers. */
      public AlwaysValid {
        Checks.atLeast("tuning units", 4, tuningUnits);
        maximumUnits.ifPresent(n -> Checks.atLeast("maximum units", 4, n));
      }
    }

    /**
     * A few planned looks, equally spaced, with the error spent as &alpha;t&sup2;.
     *
     * @param looks 1 to 50
     * @param plannedUnits over all variants, at the last look
     */
    record GroupSequential(int looks, long plannedUnits) implements Design {
      /** Checks the numbers. */
      public GroupSequential {
        Checks.atLeast("looks", 1, looks);
        Checks.atLeast("planned units", 4L * looks, plannedUnits);
        if (looks > 50) {
          throw Checks.invalid("looks must be at most 50, got " + looks);
        }
      }
    }

    /**
     * A posterior at the planned number of units. It is not protected against peeking, so a verdict
     * is only given there.
     *
     * @param prior of the relative lift
     * @param plannedUnits over all variants
     */
    record Bayes(Prior prior, long plannedUnits) implements Design {
      /** Checks the number. */
      public Bayes {
        Objects.requireNonNull(prior, "prior");
        Checks.atLeast("planned units", 4, plannedUnits);
      }
    }
  }

  /**
   * A normal prior of the relative lift.
   *
   * @param mean of the lift, for example 0
   * @param standardDeviation of the lift, for example 0.1; infinity for a flat prior
   */
  public record Prior(double mean, double standardDeviation) {
    /** Checks the numbers. */
    public Prior {
      Checks.finite("prior mean", mean);
      if (!(standardDeviation > 0)) {
        throw Checks.invalid("prior standard deviation must be positive, got " + standardDeviation);
      }
    }

    /**
     * A flat prior.
     *
     * @return the prior
     */
    public static Prior flat() {
      return new Prior(0, Double.POSITIVE_INFINITY);
    }

    /**
     * A normal prior.
     *
     * @param mean of the relative lift
     * @param standardDeviation of the relative lift
     * @return the prior
     */
    public static Prior normal(double mean, double standardDeviation) {
      return new Prior(mean, standardDeviation);
    }
  }

  /** How p-values of several goals are adjusted. */
  public enum Correction {
    /** Holm 1979: bounds the chance of any false winner. */
    HOLM,
    /** Benjamini and Hochberg 1995: bounds the share of false winners. */
    BENJAMINI_HOCHBERG
  }

  private final Design design;
  private final List<Metric> metrics;
  private final double alpha;
  private final double power;
  private final Correction correction;
  private final double sampleRatioAlpha;

  private AnalysisPlan(Builder b) {
    this.design = b.design;
    this.metrics = List.copyOf(b.metrics);
    this.alpha = b.alpha;
    this.power = b.power;
    this.correction = b.correction;
    this.sampleRatioAlpha = b.sampleRatioAlpha;
  }

  /**
   * A plan with one look when the planned number of units has been exposed. Before that, estimates
   * are shown without p-value or interval.
   *
   * @param plannedUnits over all variants; {@code SampleSize} computes it
   * @return a builder
   */
  public static Builder fixed(long plannedUnits) {
    return new Builder(new Design.Fixed(plannedUnits));
  }

  /**
   * A plan that may be looked at any time.
   *
   * @param tuningUnits where the intervals are tightest: about the units you expect to need
   * @return a builder
   */
  public static Builder alwaysValid(long tuningUnits) {
    return new Builder(new Design.AlwaysValid(tuningUnits, OptionalLong.empty()));
  }

  /**
   * A plan with a few looks, at equal numbers of new units. Pass each report's history to the next
   * analysis.
   *
   * @param looks how many
   * @param plannedUnits over all variants, at the last look
   * @return a builder
   */
  public static Builder groupSequential(int looks, long plannedUnits) {
    return new Builder(new Design.GroupSequential(looks, plannedUnits));
  }

  /**
   * A plan that reads a posterior at the planned number of units.
   *
   * @param prior of the relative lift
   * @param plannedUnits over all variants
   * @return a builder
   */
  public static Builder bayes(Prior prior, long plannedUnits) {
    return new Builder(new Design.Bayes(prior, plannedUnits));
  }

  /**
   * When a verdict may be given.
   *
   * @return the design
   */
  public Design design() {
    return design;
  }

  /**
   * What is measured.
   *
   * @return in the order they were added
   */
  public List<Metric> metrics() {
    return metrics;
  }

  /**
   * The chance of a false winner that is accepted.
   *
   * @return 0.05 unless set
   */
  public double alpha() {
    return alpha;
  }

  /**
   * The chance to find an effect that the needed number of units is computed for.
   *
   * @return 0.8 unless set
   */
  public double power() {
    return power;
  }

  /**
   * How p-values of several goals are adjusted.
   *
   * @return Holm unless set
   */
  public Correction correction() {
    return correction;
  }

  /**
   * Below this p-value a sample ratio counts as broken.
   *
   * @return 0.001 unless set
   */
  public double sampleRatioAlpha() {
    return sampleRatioAlpha;
  }

  /** Collects and checks the parts of a plan. Not safe for use by several threads. */
  public static final class Builder {
    private Design design;
    private final List<Metric> metrics = new ArrayList<>();
    private double alpha = 0.05;
    private double power = 0.8;
    private Correction correction = Correction.HOLM;
    private double sampleRatioAlpha = 0.001;

    private Builder(Design design) {
      this.design = design;
    }

    /**
     * Adds a metric.
     *
     * @param metric its name must be new
     * @return this builder
     */
    public Builder metric(Metric metric) {
      Objects.requireNonNull(metric, "metric");
      if (metrics.stream().anyMatch(m -> m.name().equals(metric.name()))) {
        throw Checks.invalid("plan: metric '" + metric.name() + "' is there twice");
      }
      metrics.add(metric);
      return this;
    }

    /**
     * Sets the chance of a false winner that is accepted.
     *
     * @param value between 0 and 0.5
     * @return this builder
     */
    public Builder alpha(double value) {
      if (!(value > 0 && value < 0.5)) {
        throw Checks.invalid("plan: alpha must be between 0 and 0.5, got " + value);
      }
      this.alpha = value;
      return this;
    }

    /**
     * Sets the chance to find an effect that the needed number of units is computed for.
     *
     * @param value between 0 and 1
     * @return this builder
     */
    public Builder power(double value) {
      this.power = Checks.probability("plan: power", value);
      return this;
    }

    /**
     * Sets how p-values of several goals are adjusted.
     *
     * @param value the correction
     * @return this builder
     */
    public Builder correction(Correction value) {
      this.correction = Objects.requireNonNull(value, "correction");
      return this;
    }

    /**
     * Sets the p-value below which a sample ratio counts as broken.
     *
     * @param value between 0 and 1
     * @return this builder
     */
    public Builder sampleRatioAlpha(double value) {
      this.sampleRatioAlpha = Checks.probability("plan: sample ratio alpha", value);
      return this;
    }

    /**
     * Sets when an always-valid plan gives up and keeps the control.
     *
     * @param units over all variants
     * @return this builder
     * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if the plan has another design
     */
    public Builder maximumUnits(long units) {
      if (!(design instanceof Design.AlwaysValid open)) {
        throw Checks.invalid("maximum units are for an always-valid plan, this is " + design);
      }
      this.design = new Design.AlwaysValid(open.tuningUnits(), OptionalLong.of(units));
      return this;
    }

    /**
     * Checks everything together.
     *
     * @return the plan
     * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if no metric is a goal
     */
    public AnalysisPlan build() {
      if (metrics.stream().noneMatch(m -> m.role() instanceof Metric.Role.Goal)) {
        throw Checks.invalid("plan: needs at least one goal metric, got " + metrics);
      }
      return new AnalysisPlan(this);
    }
  }
}
