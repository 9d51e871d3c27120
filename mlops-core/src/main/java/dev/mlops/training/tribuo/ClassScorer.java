package dev.mlops.training.tribuo;

import dev.mlops.data.Schema;
import dev.mlops.error.CorruptException;
import java.util.List;
import java.util.Map;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.impl.ArrayExample;

/** Class scores of a Tribuo model, in the order of the schema's classes. */
final class ClassScorer implements TribuoScorer {
  private static final Label UNKNOWN = new Label(Label.UNKNOWN);

  private final Model<Label> model;
  private final String[] features;
  private final List<String> classes;
  private final boolean probabilities;

  ClassScorer(
      Model<Label> model,
      List<String> features,
      List<String> classes,
      boolean probabilities,
      Schema schema) {
    this.model = model;
    this.features = features.toArray(String[]::new);
    this.classes = classes;
    this.probabilities = probabilities;
    ModelCheck.features(model, features);
    for (Label label : model.getOutputIDInfo().getDomain()) {
      if (!classes.contains(label.getLabel())) {
        throw new CorruptException("the model knows class '%s', label '%s' has %s"
            .formatted(label.getLabel(), schema.target().name(), classes));
      }
    }
  }

  @Override
  public Model<Label> model() {
    return model;
  }

  @Override
  public void score(double[] vector, double[] scores) {
    var example = new ArrayExample<>(UNKNOWN, features, vector);
    Map<String, Label> found = TribuoScorer.predict(model, example).getOutputScores();
    for (int c = 0; c < scores.length; c++) {
      Label label = found.get(classes.get(c));
      scores[c] = label == null ? 0 : label.getScore(); // a class without training rows
    }
  }

  @Override
  public boolean givesProbabilities() {
    return probabilities;
  }
}
