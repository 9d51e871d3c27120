package dev.mlops.serving;

import dev.mlops.data.Schema;
import dev.mlops.model.Predictor;

/** A live model as a part of something else. */
record LivePredictor(LiveModel model) implements Predictor {
  @Override
  public Schema schema() {
    return model.schema();
  }

  @Override
  public boolean givesProbabilities() {
    return model.givesProbabilities();
  }

  @Override
  public void predict(double[] row, double[] scores) {
    model.predict(row, scores);
  }

  @Override
  public void predictAll(double[][] rows, double[][] scores) {
    model.predictAll(rows, scores);
  }

  @Override
  public String describe() {
    return "live " + model.health().description();
  }
}
