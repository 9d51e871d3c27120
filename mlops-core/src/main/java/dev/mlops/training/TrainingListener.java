package dev.mlops.training;

/** Hears how a training goes on, on the training thread. */
@FunctionalInterface
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener SILENT = (stage, done, total) -> {};

  /**
   * A part of the work is done.
   *
   * @param stage what is being done, such as {@code "impute"} or {@code "trees"}
   * @param done how much of the stage is done
   * @param total how much the stage has
   */
  void progress(String stage, int done, int total);
}
