package dev.mlops.data;

import dev.mlops.data.internal.FoldMaker;
import java.util.List;

/**
 * A way to divide a table for cross-validation. Implementations are immutable, and the same table
 * always gives the same folds.
 */
@FunctionalInterface
public interface Folds {

  /**
   * Divides a table.
   *
   * @param table the rows
   * @return at least one fold
   * @throws dev.mlops.error.InvalidInputException if the table has too few rows, classes or groups
   */
  List<Fold> of(Table table);

  /**
   * Divides the rows at random into {@code k} parts of nearly equal size; each is the test part of
   * one fold.
   *
   * @param k at least 2
   * @param seed decides the division
   * @return the folds
   */
  static Folds shuffled(int k, long seed) {
    return table -> FoldMaker.shuffled(table, k, seed);
  }

  /**
   * As {@link #shuffled}, with every class shared out evenly over the folds.
   *
   * @param k at least 2; every class needs at least {@code k} rows
   * @param seed decides the division
   * @return the folds
   */
  static Folds stratified(int k, long seed) {
    return table -> FoldMaker.stratified(table, k, seed);
  }

  /**
   * As {@link #stratified(int, long)}, in the order of the rows; agrees with scikit-learn's
   * {@code StratifiedKFold(k)}.
   *
   * @param k at least 2; every class needs at least {@code k} rows
   * @return the folds
   */
  static Folds stratified(int k) {
    return table -> FoldMaker.stratified(table, k);
  }

  /**
   * Keeps rows of one group together: no group is in both parts of a fold. Agrees with
   * scikit-learn's {@code GroupKFold(k)}: the largest groups first, each to the smallest fold.
   *
   * @param k at least 2 and at most the number of groups
   * @param column the kept column or feature that names the group
   * @return the folds
   */
  static Folds grouped(int k, String column) {
    return table -> FoldMaker.grouped(table, k, column);
  }

  /**
   * Learns from the past only: the rows in time order are cut into {@code k + 1} parts, and fold
   * {@code i} learns from the first {@code i} parts and is judged on the next. Agrees with
   * scikit-learn's {@code TimeSeriesSplit(k)} on rows in time order.
   *
   * @param k at least 2
   * @param column the kept column or feature that gives the time, as in {@link Split#byTime}
   * @return the folds
   */
  static Folds timeOrdered(int k, String column) {
    return table -> FoldMaker.timeOrdered(table, k, column);
  }
}
