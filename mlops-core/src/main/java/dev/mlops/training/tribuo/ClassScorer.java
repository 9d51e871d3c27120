package dev.mlops.training.tribuo;

import dev.mlops.data.Schema;
import dev.mlops.error.CorruptException;
import dev.mlops.explanation.Explanation;
import dev.mlops.explanation.internal.LinearShapley;
import dev.mlops.explanation.internal.TreeShap;
import dev.mlops.explanation.internal.VectorExplainer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseMatrix;

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
  public Optional<VectorExplainer> explainer(double[][] background) {
    if (model instanceof LinearSGDModel linear) {
      double[][] weights = new double[classes.size()][features.length + 1];
      DenseMatrix matrix = linear.getWeightsCopy();
      for (int k = 0; k < weights.length; k++) {
        int id = model.getOutputIDInfo().getID(new Label(classes.get(k)));
        for (int j = 0; id >= 0 && j <= features.length; j++) {
          weights[k][j] = matrix.get(id, j);
        }
      }
      return Optional.of(new LinearShapley(weights, background, Explanation.Scale.MARGIN));
    }
    return TribuoTrees.classes(model, classes)
        .map(trees -> new TreeShap(trees, new double[classes.size()], background));
  }

  @Override
  public boolean givesProbabilities() {
    return probabilities;
  }
}
