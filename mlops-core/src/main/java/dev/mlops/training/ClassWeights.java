package dev.mlops.training;

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
}
