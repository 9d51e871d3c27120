package dev.mlops.drift;

/**
 * The tests and distances a {@link DriftPolicy} can choose from. Those with a p of their own can be
 * used with α; the others need a threshold, and the p beside them is that of
 * {@link #KOLMOGOROV_SMIRNOV} or {@link #CHI_SQUARE}.
 */
public enum DriftTest {
  /** Two-sample Kolmogorov–Smirnov. The statistic is D. */
  KOLMOGOROV_SMIRNOV(true, false, true),
  /** Cramér–von Mises over the cells of the baseline, with its ties accounted for. */
  CRAMER_VON_MISES(true, false, true),
  /** Anderson–Darling over the cells of the baseline, with its ties accounted for. */
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

  DriftTest(boolean numeric, boolean categorical, boolean probability) {
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
  public boolean appliesTo(FeatureKind kind) {
    return kind == FeatureKind.NUMERIC ? numeric : categorical;
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
