package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What counts as drift. A feature has drifted when its adjusted p is at most α <em>and</em> the
 * effect is at least the minimum: at a million rows a difference of 0.003 is certain and
 * irrelevant. The effect is D for numeric features and the total variation distance for categorical
 * ones.
 *
 * <p>Immutable.
 */
public final class DriftPolicy {
  private final Builder settings;

  /**
   * How one kind of feature is tested.
   *
   * @param test the test or distance
   * @param threshold the statistic from which it is drift; empty if α decides
   * @param warning the statistic from which it is a warning; empty if there is none
   */
  public record Rule(Measure test, OptionalDouble threshold, OptionalDouble warning) {}

  private DriftPolicy(Builder settings) {
    this.settings = new Builder(settings);
  }

  /**
   * Returns α 0.05 under Benjamini–Hochberg, minimum effect 0.1, at least 30 rows, missing share
   * changed by 0.05 or more, new or lost categories of 1 % or more.
   *
   * @return the defaults
   */
  public static DriftPolicy defaults() {
    return builder().build();
  }

  /**
   * Returns the rule of the fraud case study: a numeric feature drifts when the p of the
   * Kolmogorov–Smirnov test is below 0.1; no correction, no minimum effect.
   *
   * @return the preset
   */
  public static DriftPolicy caseStudy() {
    return builder()
        .name("caseStudy")
        .alpha(0.1)
        .correction(Correction.NONE)
        .minEffect(0)
        .minSamples(1)
        .build();
  }

  /**
   * Returns Evidently's defaults: up to 1,000 reference rows the Kolmogorov–Smirnov test and its χ²
   * at 0.05, above that its Wasserstein and Jensen–Shannon distances from 0.1; the data set drifts
   * when half of the features do. Kept for comparison: without drift it flags up to 97 % of
   * features.
   *
   * @param referenceRows the size of the reference
   * @return the preset
   */
  public static DriftPolicy evidently(long referenceRows) {
    Builder builder = builder()
        .name("evidently")
        .correction(Correction.NONE)
        .minEffect(0)
        .minSamples(1)
        .missingShareChange(1)
        .categoryShare(1)
        .datasetShare(0.5);
    return referenceRows <= 1000
        ? builder.categorical(Measure.EVIDENTLY_CHI_SQUARE).build()
        : builder
            .numeric(Measure.EVIDENTLY_WASSERSTEIN, 0.1)
            .categorical(Measure.EVIDENTLY_JENSEN_SHANNON, 0.1)
            .build();
  }

  /**
   * Returns NannyML's constant thresholds: Jensen–Shannon distance (base 2) from 0.1 for every
   * feature, no correction.
   *
   * @return the preset
   */
  public static DriftPolicy nannyml() {
    return builder()
        .name("nannyml")
        .correction(Correction.NONE)
        .minEffect(0)
        .minSamples(1)
        .missingShareChange(1)
        .categoryShare(1)
        .numeric(Measure.JENSEN_SHANNON, 0.1)
        .categorical(Measure.JENSEN_SHANNON, 0.1)
        .build();
  }

  /**
   * Returns the credit-scoring convention: population stability index, a warning from 0.1 and drift
   * from 0.25. At 100 rows 0.1 is the expectation without drift; see {@link DriftTests#psi(long[],
   * long[])}.
   *
   * @return the preset
   */
  public static DriftPolicy psi() {
    return builder()
        .name("psi")
        .correction(Correction.NONE)
        .minEffect(0)
        .numeric(Measure.PSI, 0.25, 0.1)
        .categorical(Measure.PSI, 0.25, 0.1)
        .build();
  }

  /**
   * Starts from the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts from this policy.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    return new Builder(settings);
  }

  /**
   * Returns the name that reports show.
   *
   * @return the name
   */
  public String name() {
    return settings.name;
  }

  /**
   * Returns the significance level.
   *
   * @return α, above 0 and below 1
   */
  public double alpha() {
    return settings.alpha;
  }

  /**
   * Returns how p-values are adjusted for the number of tests.
   *
   * @return the correction
   */
  public Correction correction() {
    return settings.correction;
  }

  /**
   * Returns the effect below which a certain difference is not drift.
   *
   * @return from 0 to 1
   */
  public double minEffect() {
    return settings.minEffect;
  }

  /**
   * Returns the number of live values below which no verdict is given.
   *
   * @return at least 1
   */
  public long minSamples() {
    return settings.minSamples;
  }

  /**
   * Returns by how much the missing share must change to count.
   *
   * @return from 0 to 1
   */
  public double missingShareChange() {
    return settings.missingShareChange;
  }

  /**
   * Returns the share from which a new or lost category counts.
   *
   * @return from 0 to 1
   */
  public double categoryShare() {
    return settings.categoryShare;
  }

  /**
   * Returns how a kind of feature is tested.
   *
   * @param kind the kind
   * @return the rule
   */
  public Rule rule(Columns.Kind kind) {
    return kind == Columns.Kind.NUMERIC ? settings.numeric : settings.categorical;
  }

  /**
   * Returns the share of drifted features from which the data set has drifted.
   *
   * @return from 0, where one feature is enough, to 1
   */
  public double datasetShare() {
    return settings.datasetShare;
  }

  /**
   * Returns in how many of the last {@link #persistenceOf()} windows a feature must drift before a
   * {@link DriftMonitor} alerts.
   *
   * @return k, from 1
   */
  public int persistence() {
    return settings.persistence;
  }

  /**
   * Returns how many windows a {@link DriftMonitor} looks back.
   *
   * @return m, from k
   */
  public int persistenceOf() {
    return settings.persistenceOf;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DriftPolicy policy && settings.key().equals(policy.settings.key());
  }

  @Override
  public int hashCode() {
    return settings.key().hashCode();
  }

  @Override
  public String toString() {
    return "DriftPolicy" + settings.key();
  }

  /** Collects the settings; {@link #build()} checks them. Not safe for use by several threads. */
  public static final class Builder {
    private String name = "default";
    private double alpha = 0.05;
    private Correction correction = Correction.BENJAMINI_HOCHBERG;
    private double minEffect = 0.1;
    private long minSamples = 30;
    private double missingShareChange = 0.05;
    private double categoryShare = 0.01;
    private Rule numeric = byProbability(Measure.KOLMOGOROV_SMIRNOV);
    private Rule categorical = byProbability(Measure.CHI_SQUARE);
    private double datasetShare;
    private int persistence = 1;
    private int persistenceOf = 1;

    private Builder() {}

    private Builder(Builder other) {
      name = other.name;
      alpha = other.alpha;
      correction = other.correction;
      minEffect = other.minEffect;
      minSamples = other.minSamples;
      missingShareChange = other.missingShareChange;
      categoryShare = other.categoryShare;
      numeric = other.numeric;
      categorical = other.categorical;
      datasetShare = other.datasetShare;
      persistence = other.persistence;
      persistenceOf = other.persistenceOf;
    }

    private List<Object> key() {
      return List.of(
          name,
          alpha,
          correction,
          minEffect,
          minSamples,
          missingShareChange,
          categoryShare,
          numeric,
          categorical,
          datasetShare,
          persistence,
          persistenceOf);
    }

    /**
     * Sets the name that reports show.
     *
     * @param name not blank
     * @return this
     */
    public Builder name(String name) {
      this.name = requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets the significance level.
     *
     * @param alpha above 0 and below 1
     * @return this
     */
    public Builder alpha(double alpha) {
      this.alpha = alpha;
      return this;
    }

    /**
     * Sets how p-values are adjusted.
     *
     * @param correction the correction
     * @return this
     */
    public Builder correction(Correction correction) {
      this.correction = requireNonNull(correction, "correction");
      return this;
    }

    /**
     * Sets the effect below which a certain difference is not drift.
     *
     * @param minEffect from 0 to 1
     * @return this
     */
    public Builder minEffect(double minEffect) {
      this.minEffect = minEffect;
      return this;
    }

    /**
     * Sets the number of live values below which no verdict is given.
     *
     * @param minSamples at least 1
     * @return this
     */
    public Builder minSamples(long minSamples) {
      this.minSamples = minSamples;
      return this;
    }

    /**
     * Sets by how much the missing share must change to count.
     *
     * @param change from 0 to 1; 1 switches the rule off
     * @return this
     */
    public Builder missingShareChange(double change) {
      this.missingShareChange = change;
      return this;
    }

    /**
     * Sets the share from which a new or lost category counts.
     *
     * @param share from 0 to 1; 1 switches the rule off
     * @return this
     */
    public Builder categoryShare(double share) {
      this.categoryShare = share;
      return this;
    }

    /**
     * Chooses the test for numeric features, decided by α.
     *
     * @param test a test with a p of its own
     * @return this
     */
    public Builder numeric(Measure test) {
      numeric = byProbability(test);
      return this;
    }

    /**
     * Chooses the distance for numeric features, decided by a threshold.
     *
     * @param test a test or distance
     * @param threshold the statistic from which it is drift, above 0
     * @return this
     */
    public Builder numeric(Measure test, double threshold) {
      numeric =
          new Rule(requireNonNull(test), OptionalDouble.of(threshold), OptionalDouble.empty());
      return this;
    }

    /**
     * Chooses the distance for numeric features, with a threshold and a warning.
     *
     * @param test a test or distance
     * @param threshold the statistic from which it is drift, above 0
     * @param warning the statistic from which it is a warning, above 0
     * @return this
     */
    public Builder numeric(Measure test, double threshold, double warning) {
      numeric =
          new Rule(requireNonNull(test), OptionalDouble.of(threshold), OptionalDouble.of(warning));
      return this;
    }

    /**
     * Chooses the test for categorical features, decided by α.
     *
     * @param test a test with a p of its own
     * @return this
     */
    public Builder categorical(Measure test) {
      categorical = byProbability(test);
      return this;
    }

    /**
     * Chooses the distance for categorical features, decided by a threshold.
     *
     * @param test a test or distance
     * @param threshold the statistic from which it is drift, above 0
     * @return this
     */
    public Builder categorical(Measure test, double threshold) {
      categorical =
          new Rule(requireNonNull(test), OptionalDouble.of(threshold), OptionalDouble.empty());
      return this;
    }

    /**
     * Chooses the distance for categorical features, with a threshold and a warning.
     *
     * @param test a test or distance
     * @param threshold the statistic from which it is drift, above 0
     * @param warning the statistic from which it is a warning, above 0
     * @return this
     */
    public Builder categorical(Measure test, double threshold, double warning) {
      categorical =
          new Rule(requireNonNull(test), OptionalDouble.of(threshold), OptionalDouble.of(warning));
      return this;
    }

    private static Rule byProbability(Measure test) {
      return new Rule(requireNonNull(test), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /**
     * Sets the share of drifted features from which the data set has drifted.
     *
     * @param share from 0, where one feature is enough, to 1
     * @return this
     */
    public Builder datasetShare(double share) {
      datasetShare = share;
      return this;
    }

    /**
     * Asks a {@link DriftMonitor} to alert only when a feature drifts in k of the last m windows.
     *
     * @param k from 1
     * @param m from k
     * @return this
     */
    public Builder persistence(int k, int m) {
      persistence = k;
      persistenceOf = m;
      return this;
    }

    /**
     * Sets α from a budget: at most so many false alarms in a period, if every window of the period
     * is tested once. Under no drift a report with the default correction raises any alarm with
     * probability at most α, so α = alarms · window / period.
     *
     * @param alarms the budget, above 0
     * @param period the period, such as 30 days
     * @param window how often a report is made
     * @return this
     */
    public Builder falseAlarmBudget(double alarms, Duration period, Duration window) {
      if (period.isNegative() || period.isZero() || window.isNegative() || window.isZero()) {
        throw DriftException.invalidInput(
            "period and window must be positive, got " + period + " and " + window);
      }
      return alpha(alarms * window.toMillis() / period.toMillis());
    }

    /**
     * Checks the settings.
     *
     * @return the policy
     * @throws DriftException if a setting is out of range
     */
    public DriftPolicy build() {
      if (name.isBlank()) {
        throw DriftException.invalidInput("a policy needs a name, got a blank one");
      }
      if (!(alpha > 0 && alpha < 1)) {
        throw DriftException.invalidInput("alpha must be above 0 and below 1, got " + alpha);
      }
      requireShare(minEffect, "minEffect");
      requireShare(missingShareChange, "missingShareChange");
      requireShare(categoryShare, "categoryShare");
      requireShare(datasetShare, "datasetShare");
      requireRule(numeric, Columns.Kind.NUMERIC);
      requireRule(categorical, Columns.Kind.CATEGORICAL);
      if (persistence < 1 || persistenceOf < persistence) {
        throw DriftException.invalidInput(
            "persistence needs 1 <= k <= m, got " + persistence + " of " + persistenceOf);
      }
      if (minSamples < 1) {
        throw DriftException.invalidInput("minSamples must be at least 1, got " + minSamples);
      }
      return new DriftPolicy(this);
    }

    private static void requireRule(Rule rule, Columns.Kind kind) {
      if (!rule.test().appliesTo(kind)) {
        throw DriftException.invalidInput(rule.test() + " does not apply to " + kind + " features");
      }
      if (rule.threshold().isEmpty() && !rule.test().hasProbability()) {
        throw DriftException.invalidInput(
            rule.test() + " has no p of its own and needs a threshold");
      }
      if (rule.threshold().isPresent() && !(rule.threshold().getAsDouble() > 0)
          || rule.warning().isPresent() && !(rule.warning().getAsDouble() > 0)) {
        throw DriftException.invalidInput(
            "thresholds of " + rule.test() + " must be above 0, got " + rule.threshold());
      }
    }

    private static void requireShare(double value, String what) {
      if (!(value >= 0 && value <= 1)) {
        throw DriftException.invalidInput(what + " must be from 0 to 1, got " + value);
      }
    }
  }

  /**
   * The tests and distances a policy can choose from. Those with a p of their own can be used with
   * α; the others need a threshold, and the p beside them is that of {@link #KOLMOGOROV_SMIRNOV} or
   * {@link #CHI_SQUARE}.
   */
  public enum Measure {
    /** Two-sample Kolmogorov–Smirnov. The statistic is D. */
    KOLMOGOROV_SMIRNOV(true, false, true),
    /**
     * Cramér–von Mises, ties accounted for. Over the values while both samples are at hand; of a
     * profile, over the cells of the baseline, values within a cell counting as ties.
     */
    CRAMER_VON_MISES(true, false, true),
    /** Anderson–Darling, over the same values or cells as {@link #CRAMER_VON_MISES}. */
    ANDERSON_DARLING(true, false, true),
    /** Wasserstein-1 divided by the interquartile range of the reference. */
    WASSERSTEIN(true, false, false),
    /** Wasserstein-1 divided by the standard deviation of the reference, as Evidently does. */
    EVIDENTLY_WASSERSTEIN(true, false, false),
    /** Pearson's χ² on the table of categories by sample. */
    CHI_SQUARE(false, true, true),
    /** Likelihood-ratio test on the same table. */
    G_TEST(false, true, true),
    /** χ² against the reference shares as if exact, as Evidently does; not calibrated. */
    EVIDENTLY_CHI_SQUARE(false, true, true),
    /** Population stability index: ten quantile cells, or the categories; Jeffreys' smoothing. */
    PSI(true, true, true),
    /** Jensen–Shannon distance, base 2, from 0 to 1. */
    JENSEN_SHANNON(true, true, false),
    /** Jensen–Shannon distance with natural logarithms, as Evidently does. */
    EVIDENTLY_JENSEN_SHANNON(true, true, false),
    /** Hellinger distance, from 0 to 1. */
    HELLINGER(true, true, false),
    /** Total variation distance, from 0 to 1. */
    TOTAL_VARIATION(true, true, false);

    private final boolean numeric;
    private final boolean categorical;
    private final boolean probability;

    Measure(boolean numeric, boolean categorical, boolean probability) {
      this.numeric = numeric;
      this.categorical = categorical;
      this.probability = probability;
    }

    /**
     * Tells whether the test can be applied to a kind of feature.
     *
     * @param kind the kind
     * @return true if it can
     */
    public boolean appliesTo(Columns.Kind kind) {
      return kind == Columns.Kind.NUMERIC ? numeric : categorical;
    }

    /**
     * Tells whether the test has a p of its own.
     *
     * @return true if it can be used with α alone
     */
    public boolean hasProbability() {
      return probability;
    }
  }

  /** How p-values are adjusted when many hypotheses are tested at once. */
  public enum Correction {
    /** No adjustment: with 100 features about five false alarms per report at 0.05. */
    NONE,
    /** Bonferroni: p times the number of tests; controls the chance of any false alarm. */
    BONFERRONI,
    /** Holm's step-down form of Bonferroni: never less powerful. */
    HOLM,
    /**
     * Benjamini and Hochberg 1995: controls the expected share of false alarms among all alarms.
     */
    BENJAMINI_HOCHBERG;

    /**
     * Adjusts p-values, so that each may be compared with α itself.
     *
     * @param pValues one per hypothesis, each from 0 to 1, not changed
     * @return the adjusted values in the same order
     * @throws DriftException if a value is not a probability
     */
    public double[] adjust(double[] pValues) {
      return PValues.adjust(this, pValues);
    }
  }
}
