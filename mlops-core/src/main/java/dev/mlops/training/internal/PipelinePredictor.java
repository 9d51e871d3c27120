package dev.mlops.training.internal;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.model.Predictor;

/**
 * The whole model: transforms, fitted model, calibration. Immutable, so safe for use by several
 * threads.
 */
public final class PipelinePredictor implements Predictor {
  private final Pipeline pipeline;
  private final Scorer scorer;
  private final FittedCalibration calibration;
  private final String format;

  public PipelinePredictor(
      Pipeline pipeline, Scorer scorer, FittedCalibration calibration, String format) {
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.scorer = requireNonNull(scorer, "scorer");
    this.calibration = requireNonNull(calibration, "calibration");
    this.format = requireNonNull(format, "format");
  }

  /** Returns the fitted transforms. */
  public Pipeline pipeline() {
    return pipeline;
  }

  /** Returns the fitted model. */
  public Scorer scorer() {
    return scorer;
  }

  /** Returns what is done with the scores of the fitted model. */
  public FittedCalibration calibration() {
    return calibration;
  }

  /** Returns the name of the file format. */
  public String format() {
    return format;
  }

  @Override
  public Schema schema() {
    return pipeline.schema();
  }

  @Override
  public boolean givesProbabilities() {
    return scorer.givesProbabilities() || !calibration.isNone();
  }

  @Override
  public void predict(double[] row, double[] scores) {
    if (scores.length != schema().outputs()) {
      throw new IllegalArgumentException(
          "scores must have length " + schema().outputs() + ", got " + scores.length);
    }
    scorer.score(pipeline.apply(row), scores);
    calibration.apply(scores);
  }

  @Override
  public String describe() {
    return scorer.describe()
        + ", "
        + pipeline.steps().size()
        + " transforms"
        + (calibration.isNone() ? "" : ", calibrated");
  }
}
