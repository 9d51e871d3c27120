package dev.mlops.training;

import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.explanation.Explainer;
import dev.mlops.explanation.Explanation;
import dev.mlops.explanation.internal.CompiledExplainer;
import dev.mlops.explanation.internal.VectorExplainer;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.Additive;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.training.internal.Compilation;
import dev.mlops.training.internal.PipelinePredictor;

/**
 * Makes explainers of models: exact path-dependent TreeSHAP for trees, forests, AdaBoost and
 * gradient-boosted trees, exact Shapley values for linear models and linear SVMs. It is the
 * compiled form that is explained, which is what serves; no training library is needed. For other
 * models there is {@link dev.mlops.evaluation.PermutationImportance}.
 */
public final class Explainers {
  private Explainers() {}

  /**
   * Makes an explainer. What a transform makes of one feature counts for that feature.
   *
   * <p>Forests and regressions are explained on the scale of their scores. Models with a link, such
   * as logistic regression and gradient-boosted classifiers, are explained before it, see
   * {@link Explanation#scale()}; the sums of gradient-boosted trees are taken in double precision,
   * where the model itself adds floats. Of a calibrated model the scores before calibration are
   * explained.
   *
   * @param predictor a trained model's predictor, or one read from any of its files
   * @param background rows that say what is usual, normally the training table
   * @return an explainer that is safe for use by several threads; it refuses rows as the model does
   * @throws InvalidInputException if the model is of another kind, or the background of another
   *     schema
   */
  public static Explainer of(Predictor predictor, Table background) {
    if (!background.schema().equals(predictor.schema())) {
      throw new InvalidInputException(
          "the background must have the model's schema, got " + background);
    }
    CompiledPredictor model = compiled(predictor);
    Additive sums = model
        .additive()
        .orElseThrow(
            () -> notExplainable(predictor, "its scores are no sum over features or trees"));
    double[][] vectors = new double[background.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = vector(model, sums, background.row(i));
    }
    VectorExplainer explainer = CompiledExplainer.of(sums, vectors);
    int[] sources = model.sources();
    return row -> explain(model, sums, explainer, sources, row);
  }

  private static CompiledPredictor compiled(Predictor predictor) {
    if (predictor instanceof CompiledPredictor compiled) {
      return compiled;
    }
    if (!(predictor instanceof PipelinePredictor model)) {
      throw notExplainable(predictor, "its inside is not known");
    }
    Compilation compilation = model.scorer().compile(model.pipeline(), model.calibration());
    if (compilation instanceof Compilation.Compiled done) {
      return done.predictor();
    }
    throw notExplainable(predictor, ((Compilation.NotCompiled) compilation).reason());
  }

  private static InvalidInputException notExplainable(Predictor predictor, String reason) {
    return new InvalidInputException("there is no exact explanation for '"
        + predictor.describe()
        + "': "
        + reason
        + "; tree ensembles and linear models have one, PermutationImportance works for all");
  }

  /** Where the model has no rule for absent inputs, it takes them as 0. */
  private static double[] vector(CompiledPredictor model, Additive sums, double[] row) {
    double[] vector = model.inputs(row);
    for (int j = 0; j < vector.length && !sums.followsMissing(); j++) {
      vector[j] = Double.isNaN(vector[j]) ? 0 : vector[j];
    }
    return vector;
  }

  private static Explanation explain(
      CompiledPredictor model,
      Additive sums,
      VectorExplainer explainer,
      int[] sources,
      double[] row) {
    double[] baselines = explainer.baselines();
    double[][] elements = new double[baselines.length][sources.length];
    explainer.explain(vector(model, sums, row), elements);
    double[][] features = new double[baselines.length][model.schema().width()];
    for (int k = 0; k < features.length; k++) {
      for (int j = 0; j < sources.length; j++) {
        features[k][sources[j]] += elements[k][j];
      }
    }
    return new Explanation(model.schema(), explainer.scale(), baselines, features);
  }
}
