package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;

/** What a model said about one row, and which version said it. Immutable: scores are copied. */
public final class Prediction {
  private final ServedModel model;
  private final double[] scores;

  /**
   * Creates a prediction.
   *
   * @param model the version that answered
   * @param scores its scores, copied
   */
  public Prediction(ServedModel model, double[] scores) {
    this.model = requireNonNull(model, "model");
    this.scores = scores.clone();
    if (scores.length != model.schema().outputs()) {
      throw new InvalidInputException(
          model + " gives " + model.schema().outputs() + " scores, got " + scores.length);
    }
  }

  /**
   * Returns which version answered.
   *
   * @return the version
   */
  public ServedModel model() {
    return model;
  }

  /**
   * Returns the scores.
   *
   * @return a copy: one score per class in the schema's order, or the quantity
   */
  public double[] scores() {
    return scores.clone();
  }

  /**
   * Returns the predicted quantity.
   *
   * @return the number
   * @throws InvalidInputException if the model predicts a class
   */
  public double value() {
    if (model.schema().target() instanceof Target.Classes) {
      throw new InvalidInputException(model + " predicts a class, not a quantity");
    }
    return scores[0];
  }

  /**
   * Returns the class with the highest score, the first of equal ones. A score that is no number is
   * not the highest.
   *
   * @return the class
   * @throws InvalidInputException if the model predicts a quantity
   */
  public String label() {
    return classes().get(highest(scores));
  }

  /**
   * Returns the score of a class.
   *
   * @param label the class
   * @return its score, a probability if the model gives probabilities
   * @throws InvalidInputException if the model has no such class
   */
  public double score(String label) {
    int index = classes().indexOf(requireNonNull(label, "label"));
    if (index < 0) {
      throw new InvalidInputException(
          model + " has no class '" + label + "'; classes are " + classes());
    }
    return scores[index];
  }

  /** The first of equal ones; NaN only if nothing else follows. */
  static int highest(double[] scores) {
    int best = 0;
    for (int k = 1; k < scores.length; k++) {
      if (scores[k] > scores[best] || Double.isNaN(scores[best])) {
        best = k;
      }
    }
    return best;
  }

  private List<String> classes() {
    if (model.schema().target() instanceof Target.Classes classes) {
      return classes.classes();
    }
    throw new InvalidInputException(model + " predicts a quantity, not a class");
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Prediction other
        && model.equals(other.model)
        && Arrays.equals(scores, other.scores);
  }

  @Override
  public int hashCode() {
    return 31 * model.hashCode() + Arrays.hashCode(scores);
  }

  @Override
  public String toString() {
    return model + " " + Arrays.toString(scores);
  }
}
