package dev.mlops.abtest;

import java.util.Optional;

/**
 * What an experiment decided for one unit, and why. Instances are shared: an {@link Assigner} makes
 * one per variant and reason and hands out the same one each time. Immutable.
 */
public final class Assignment {
  /** Why a unit got what it got. */
  public enum Reason {
    /** Chosen by the hash of the unit. */
    HASH(true, true),
    /** Remembered by an assignment store. */
    STICKY(true, true),
    /** Listed in the experiment's overrides; left out of the analysis. */
    OVERRIDE(true, false),
    /** In the layer's holdout. */
    HOLDOUT(false, false),
    /** In the layer, but in another experiment's slice or in none. */
    NOT_IN_LAYER_SLICE(false, false),
    /** Outside the share of traffic that the experiment takes. */
    NOT_IN_TRAFFIC(false, false),
    /** No unit id was given. */
    NO_UNIT(false, false);

    private final boolean inExperiment;
    private final boolean analysed;

    Reason(boolean inExperiment, boolean analysed) {
      this.inExperiment = inExperiment;
      this.analysed = analysed;
    }
  }

  private final String experiment;
  private final int epoch;
  private final Optional<String> variant;
  private final Reason reason;
  final int variantIndex;

  Assignment(Experiment experiment, int variantIndex, Reason reason) {
    this.experiment = experiment.key();
    this.epoch = experiment.epoch();
    this.variantIndex = variantIndex;
    this.variant = variantIndex < 0
        ? Optional.empty()
        : Optional.of(experiment.variants().get(variantIndex).key());
    this.reason = reason;
  }

  /**
   * The experiment that decided.
   *
   * @return its key
   */
  public String experiment() {
    return experiment;
  }

  /**
   * The experiment's epoch at the time.
   *
   * @return 1 or more
   */
  public int epoch() {
    return epoch;
  }

  /**
   * The variant, or empty when the unit is not in the experiment.
   *
   * @return the variant's key
   */
  public Optional<String> variant() {
    return variant;
  }

  /**
   * The variant, or what to use when the unit is not in the experiment.
   *
   * @param fallback usually the control's key
   * @return the variant's key or the fallback
   */
  public String variantOr(String fallback) {
    return variant.orElse(fallback);
  }

  /**
   * Why.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Whether the unit has a variant.
   *
   * @return true for HASH, STICKY and OVERRIDE
   */
  public boolean inExperiment() {
    return reason.inExperiment;
  }

  /**
   * Whether an exposure of this assignment counts in the analysis. Overrides do not: hand-picked
   * units are not random.
   *
   * @return true for HASH and STICKY
   */
  public boolean analysed() {
    return reason.analysed;
  }

  @Override
  public String toString() {
    return experiment + "#" + epoch + " -> " + variant.orElse("none") + " (" + reason + ")";
  }
}
