package dev.mlops.training.tribuo;

import dev.mlops.data.Schema;
import dev.mlops.error.CorruptException;
import dev.mlops.explanation.Explanation;
import dev.mlops.explanation.internal.LinearShapley;
import dev.mlops.explanation.internal.TreeShap;
import dev.mlops.explanation.internal.VectorExplainer;
import java.util.List;
import java.util.Optional;
import org.tribuo.Model;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDModel;

/** The quantity that a Tribuo model predicts. */
final class QuantityScorer implements TribuoScorer {
  private final Model<Regressor> model;
  private final String[] features;
  private final Regressor unknown;

  QuantityScorer(Model<Regressor> model, List<String> features, Schema schema) {
    this.model = model;
    this.features = features.toArray(String[]::new);
    this.unknown = new Regressor(schema.target().name(), Double.NaN);
    ModelCheck.features(model, features);
    if (model.getOutputIDInfo().size() != 1) {
      throw new CorruptException(
          "the model must predict one quantity, got " + model.getOutputIDInfo().size());
    }
  }

  @Override
  public Model<Regressor> model() {
    return model;
  }

  @Override
  public void score(double[] vector, double[] scores) {
    var example = new ArrayExample<>(unknown, features, vector);
    scores[0] = TribuoScorer.predict(model, example).getOutput().getValues()[0];
  }

  @Override
  public Optional<VectorExplainer> explainer(double[][] background) {
    if (model instanceof LinearSGDModel linear) {
      double[][] weights = new double[1][features.length + 1];
      DenseMatrix matrix = linear.getWeightsCopy();
      for (int j = 0; j <= features.length; j++) {
        weights[0][j] = matrix.get(0, j);
      }
      return Optional.of(new LinearShapley(weights, background, Explanation.Scale.SCORE));
    }
    return TribuoTrees.quantities(model)
        .map(trees -> new TreeShap(trees, new double[1], background));
  }

  @Override
  public boolean givesProbabilities() {
    return false;
  }
}
