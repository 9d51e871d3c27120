package dev.mlops.training;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much the rows of each class count in training. Immutable.
 *
 * @param balance true to weight by inverse frequency, n / (classes x rows of the class)
 * @param weights by class, greater than 0; 1 for classes not named; copied
 */
public record ClassWeights(boolean balance, Map<String, Double> weights) {
  /** Creates class weights. */
  public ClassWeights {
    weights = java.util.Collections.unmodifiableMap(new TreeMap<>(weights));
    weights.forEach((name, weight) -> Check.positive("the weight of class '" + name + "'", weight));
  }

  /**
   * Lets all rows count the same.
   *
   * @return the class weights
   */
  public static ClassWeights none() {
    return new ClassWeights(false, Map.of());
  }

  /**
   * Lets all classes count the same.
   *
   * @return the class weights
   */
  public static ClassWeights balanced() {
    return new ClassWeights(true, Map.of());
  }

  /**
   * Sets weights by class.
   *
   * @param weights greater than 0, by class
   * @return the class weights
   */
  public static ClassWeights of(Map<String, Double> weights) {
    return new ClassWeights(false, weights);
  }

  /** Returns the weight of every row, given the classes of the rows. */
  double[] ofRows(Target target, double[] targets) {
    double[] rows = new double[targets.length];
    Arrays.fill(rows, 1);
    if (!balance && weights.isEmpty()) {
      return rows;
    }
    if (!(target instanceof Target.Classes classes)) {
      throw new InvalidInputException(
          "class weights need classes, label '" + target.name() + "' is a quantity");
    }
    for (String name : weights.keySet()) {
      if (!classes.classes().contains(name)) {
        throw new InvalidInputException(
            "class weights name '" + name + "', the classes are " + classes.classes());
      }
    }
    long[] counts = new long[classes.classes().size()];
    for (double c : targets) {
      counts[(int) c]++;
    }
    for (int i = 0; i < rows.length; i++) {
      int c = (int) targets[i];
      rows[i] = balance
          ? (double) targets.length / (counts.length * counts[c])
          : weights.getOrDefault(classes.classes().get(c), 1.0);
    }
    return rows;
  }
}
