package dev.mlops.model;

import dev.mlops.data.Schema;

/**
 * A model ready to answer: a function from one row to its scores. Safe for use by several threads.
 * The compiled implementations allocate nothing in {@link #predict}.
 */
public interface Predictor extends AutoCloseable {

  /**
   * Returns the signature that rows must follow.
   *
   * @return the schema
   */
  Schema schema();

  /**
   * Tells whether scores are probabilities that sum to 1. Otherwise a higher score only means a
   * likelier class.
   *
   * @return true for probabilities; false for other class scores and for quantities
   */
  boolean givesProbabilities();

  /**
   * Scores one row. This is the hot path: it checks lengths only; signature policies belong to the
   * caller.
   *
   * @param row one value per feature in schema order, {@code NaN} where missing; not modified
   * @param scores receives one score per class in the order of the schema's classes, or the
   *     predicted quantity at index 0; its length must be {@link Schema#outputs()}
   * @throws IllegalArgumentException if a length is wrong
   */
  void predict(double[] row, double[] scores);

  /**
   * Scores one row into a new array.
   *
   * @param row one value per feature in schema order
   * @return the scores as in {@link #predict(double[], double[])}
   */
  default double[] predict(double[] row) {
    double[] scores = new double[schema().outputs()];
    predict(row, scores);
    return scores;
  }

  /**
   * Scores many rows. Unless overridden, one after the other.
   *
   * @param rows the rows, each in schema order; not modified
   * @param scores receives the scores of each row; at least as many arrays as rows
   * @throws IllegalArgumentException if a length is wrong
   */
  default void predictAll(double[][] rows, double[][] scores) {
    if (scores.length < rows.length) {
      throw new IllegalArgumentException(
          "scores for " + rows.length + " rows are needed, got " + scores.length);
    }
    for (int i = 0; i < rows.length; i++) {
      predict(rows[i], scores[i]);
    }
  }

  /**
   * Says what this predictor is, for logs and health pages.
   *
   * @return one line, such as {@code "compiled forest, 100 trees, 38914 nodes"}
   */
  String describe();

  /** Frees what the predictor holds outside the heap. Does nothing unless overridden. */
  @Override
  default void close() {}
}
