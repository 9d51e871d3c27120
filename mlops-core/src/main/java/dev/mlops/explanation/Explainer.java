package dev.mlops.explanation;

/** Explains single predictions. Safe for use by several threads. */
@FunctionalInterface
public interface Explainer {

  /**
   * Explains one prediction.
   *
   * @param row one value per feature in schema order
   * @return the contribution of every feature
   * @throws IllegalArgumentException if the length is wrong
   */
  Explanation explain(double[] row);
}
