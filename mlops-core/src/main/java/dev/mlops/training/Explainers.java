package dev.mlops.training;

import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.explanation.Explainer;
import dev.mlops.explanation.Explanation;
import dev.mlops.explanation.internal.VectorExplainer;
import dev.mlops.model.Predictor;
import dev.mlops.training.internal.Pipeline;
import dev.mlops.training.internal.PipelinePredictor;

/**
 * Makes explainers of trained models: exact path-dependent TreeSHAP for trees, forests and
 * AdaBoost, exact Shapley values for linear models. For other models there is
 * {@link dev.mlops.evaluation.PermutationImportance}.
 */
public final class Explainers {
  private Explainers() {}

  /**
   * Makes an explainer. What a transform makes of one feature counts for that feature.
   *
   * @param predictor a trained model, or one read from its {@code tribuo} file; of a calibrated
   *     model the scores before calibration are explained
   * @param background rows that say what is usual, normally the training table
   * @return an explainer that is safe for use by several threads
   * @throws InvalidInputException if the model is of another kind, or the background of another
   *     schema
   */
  public static Explainer of(Predictor predictor, Table background) {
    if (!background.schema().equals(predictor.schema())) {
      throw new InvalidInputException(
          "the background must have the model's schema, got " + background);
    }
    if (!(predictor instanceof PipelinePredictor model)) {
      throw notExplainable(predictor);
    }
    Pipeline pipeline = model.pipeline();
    double[][] vectors = new double[background.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = pipeline.apply(background.row(i));
    }
    VectorExplainer explainer =
        model.scorer().explainer(vectors).orElseThrow(() -> notExplainable(predictor));
    int[] sources = pipeline.sources();
    return row -> explain(explainer, pipeline, sources, row);
  }

  private static InvalidInputException notExplainable(Predictor predictor) {
    return new InvalidInputException("there is no exact explanation for '"
        + predictor.describe()
        + "'; trees and linear models have one, PermutationImportance works for all");
  }

  private static Explanation explain(
      VectorExplainer explainer, Pipeline pipeline, int[] sources, double[] row) {
    double[] baselines = explainer.baselines();
    double[][] elements = new double[baselines.length][sources.length];
    explainer.explain(pipeline.apply(row), elements);
    double[][] features = new double[baselines.length][pipeline.schema().width()];
    for (int k = 0; k < features.length; k++) {
      for (int j = 0; j < sources.length; j++) {
        features[k][sources[j]] += elements[k][j];
      }
    }
    return new Explanation(pipeline.schema(), explainer.scale(), baselines, features);
  }
}
