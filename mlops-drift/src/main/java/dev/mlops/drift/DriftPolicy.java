package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

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

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
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

    private Builder() {}

    private Builder(Builder other) {
      name = other.name;
      alpha = other.alpha;
      correction = other.correction;
      minEffect = other.minEffect;
      minSamples = other.minSamples;
      missingShareChange = other.missingShareChange;
      categoryShare = other.categoryShare;
    }

    private java.util.List<Object> key() {
      return java.util.List.of(
          name, alpha, correction, minEffect, minSamples, missingShareChange, categoryShare);
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
      if (minSamples < 1) {
        throw DriftException.invalidInput("minSamples must be at least 1, got " + minSamples);
      }
      return new DriftPolicy(this);
    }

    private static void requireShare(double value, String what) {
      if (!(value >= 0 && value <= 1)) {
        throw DriftException.invalidInput(what + " must be from 0 to 1, got " + value);
      }
    }
  }
}
