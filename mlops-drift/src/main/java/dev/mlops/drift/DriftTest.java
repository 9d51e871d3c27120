package dev.mlops.drift;

/** The tests and distances a {@link DriftPolicy} can choose from. */
public enum DriftTest {
  /** Two-sample Kolmogorov–Smirnov, numeric. The statistic is D. */
  KOLMOGOROV_SMIRNOV(true, false),
  /** Pearson's χ² on the table of categories by sample, categorical. */
  CHI_SQUARE(false, true);

  private final boolean numeric;
  private final boolean categorical;

  DriftTest(boolean numeric, boolean categorical) {
    this.numeric = numeric;
    this.categorical = categorical;
  }

  /**
   * Tells whether the test can be applied to a kind of feature.
   *
   * @param kind the kind
   * @return true if it can
   */
  public boolean appliesTo(FeatureKind kind) {
    return kind == FeatureKind.NUMERIC ? numeric : categorical;
  }
}
