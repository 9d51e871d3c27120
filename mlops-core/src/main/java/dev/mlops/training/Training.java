package dev.mlops.training;

import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.training.internal.Calibrator;
import dev.mlops.training.internal.FittedCalibration;
import dev.mlops.training.internal.FittedTransform;
import dev.mlops.training.internal.Fitter;
import dev.mlops.training.internal.Frame;
import dev.mlops.training.internal.Learner;
import dev.mlops.training.internal.Pipeline;
import dev.mlops.training.internal.PipelinePredictor;
import dev.mlops.training.internal.Resampler;
import dev.mlops.training.internal.Scorer;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Runs a recipe on training rows: this is the only place where anything is fitted. */
final class Training {
  private final Recipe recipe;
  private final TrainingListener listener;
  private final Learner learner;

  private Training(Recipe recipe, TrainingListener listener) {
    this.recipe = recipe;
    this.listener = listener;
    this.learner = ServiceLoader.load(Learner.class, Training.class.getClassLoader())
        .findFirst()
        .orElseThrow(() -> new UnavailableException("no learning library was found"));
  }

  static TrainedModel run(Recipe recipe, Table table, TrainingListener listener) {
    Guards.requireLearnable(table);
    var training = new Training(recipe, listener);
    PipelinePredictor uncalibrated = training.fit(table);
    FittedCalibration calibration =
        Calibrator.fit(recipe.calibration(), table, recipe.seed(), part -> training.fit(part));
    return new TrainedModel(
        recipe,
        new PipelinePredictor(
            uncalibrated.pipeline(), uncalibrated.scorer(), calibration, uncalibrated.format()),
        table);
  }

  private PipelinePredictor fit(Table table) {
    Schema schema = table.schema();
    Frame frame = new Frame(schema.features(), table.rows(), table.targets());
    List<FittedTransform> fitted = new ArrayList<>();
    int total = recipe.steps().size();
    for (int s = 0; s < total; s++) {
      Step step = recipe.steps().get(s);
      if (step instanceof Transform transform) {
        FittedTransform done = Fitter.fit(transform, frame);
        fitted.add(done);
        frame = frame.after(done);
      } else if (step instanceof Sampler sampler) {
        frame = Resampler.resample(sampler, frame, schema.target());
      }
      listener.progress(step.getClass().getSimpleName(), s + 1, total);
    }
    Pipeline pipeline = new Pipeline(schema, fitted);
    requireComplete(pipeline, frame);
    Scorer scorer = learner.fit(
        recipe.trainer(),
        new Learner.Problem(
            schema,
            pipeline.featureNames(),
            frame.rows(),
            frame.targets(),
            recipe.classWeights().ofRows(schema.target(), frame.targets()),
            recipe.seed()),
        listener);
    return new PipelinePredictor(pipeline, scorer, FittedCalibration.NONE, learner.format());
  }

  private static void requireComplete(Pipeline pipeline, Frame frame) {
    for (int i = 0; i < frame.rows().length; i++) {
      for (int j = 0; j < pipeline.width(); j++) {
        double value = frame.rows()[i][j];
        if (!Double.isFinite(value)) {
          throw new InvalidInputException(
              "training row %d, column '%s': %s; add impute() to the recipe before it"
                  .formatted(
                      i,
                      pipeline.columns().get(j).name(),
                      Double.isNaN(value) ? "the value is missing" : "the value overflows"));
        }
      }
    }
  }
}
