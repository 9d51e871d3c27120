package dev.mlops.training;

/**
 * Hears how a training goes on, on the training thread.
 *
 * <p>Each step of the recipe is told of when it is done, with its kind as the stage. Then the model
 * is fitted: forests and AdaBoost tell of every tree under {@link #TREES}; the other libraries fit
 * in one call that cannot be looked into, so under {@link #FIT} there is only its beginning (0 of
 * 1) and its end (1 of 1). With calibration all of this comes once more for every fold.
 */
@FunctionalInterface
public interface TrainingListener {
  /** The stage in which a forest or an AdaBoost model gets its trees. */
  String TREES = "trees";

  /** The stage in which any other model is fitted. */
  String FIT = "fit";

  /** Hears nothing. */
  TrainingListener SILENT = (stage, done, total) -> {};

  /**
   * A part of the work is done.
   *
   * @param stage what is being done, such as {@code "Impute"} or {@link #TREES}
   * @param done how much of the stage is done
   * @param total how much the stage has
   */
  void progress(String stage, int done, int total);
}
