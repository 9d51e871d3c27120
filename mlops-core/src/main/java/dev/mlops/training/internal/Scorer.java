package dev.mlops.training.internal;

/** A fitted model without its transforms. Safe for use by several threads. */
public interface Scorer {

  /** Scores one vector of the pipeline; scores in the order of the schema's classes. */
  void score(double[] vector, double[] scores);

  /** Tells whether scores are probabilities. */
  boolean givesProbabilities();

  /** Says what the model is, in a few words. */
  String describe();

  /**
   * Compiles the model with its transforms and calibration to the form that serves fastest.
   *
   * @param pipeline the transforms whose vector this model scores
   * @param calibration what becomes of its scores
   * @return the compiled model, or why there is none
   */
  Compilation compile(Pipeline pipeline, FittedCalibration calibration);

  /** Returns the model in the format of its library. */
  byte[] content();
}
