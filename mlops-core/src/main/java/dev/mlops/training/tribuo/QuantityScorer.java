package dev.mlops.training.tribuo;

import dev.mlops.data.Schema;
import dev.mlops.error.CorruptException;
import java.util.List;
import org.tribuo.Model;
import org.tribuo.impl.ArrayExample;
import org.tribuo.regression.Regressor;

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
  public boolean givesProbabilities() {
    return false;
  }
}
