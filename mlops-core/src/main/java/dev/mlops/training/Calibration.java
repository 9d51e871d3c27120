package dev.mlops.training;

import static java.util.Objects.requireNonNull;

/**
 * How scores become probabilities. The map from score to probability is fitted on the scores of
 * rows held back by cross-validation inside the training rows, then applied to the model fitted on
 * all of them. With more than two classes each is calibrated against the others and the results are
 * scaled to sum to 1. For classes only. Immutable.
 *
 * @param method the form of the map
 * @param folds how many stratified folds give the held-back scores, at least 2; unused for
 *     {@link Method#NONE}
 */
public record Calibration(Method method, int folds) {

  /** The form of the map. */
  public enum Method {
    /** Scores are used as they are. */
    NONE,
    /** A sigmoid of the score (Platt 1999, with his smoothed targets): for few rows. */
    PLATT,
    /** A rising staircase (Zadrozny, Elkan 2002): for about 1,000 rows or more. */
    ISOTONIC
  }

  private static final int DEFAULT_FOLDS = 5;

  /** Creates a calibration. */
  public Calibration {
    requireNonNull(method, "method");
    Check.atLeast("folds", folds, 2);
    folds = method == Method.NONE ? DEFAULT_FOLDS : folds; // unused, so all of them are equal
  }

  /**
   * Leaves scores as they are.
   *
   * @return the calibration
   */
  public static Calibration none() {
    return new Calibration(Method.NONE, DEFAULT_FOLDS);
  }

  /**
   * Fits a sigmoid over five folds.
   *
   * @return the calibration
   */
  public static Calibration platt() {
    return new Calibration(Method.PLATT, DEFAULT_FOLDS);
  }

  /**
   * Fits a rising staircase over five folds.
   *
   * @return the calibration
   */
  public static Calibration isotonic() {
    return new Calibration(Method.ISOTONIC, DEFAULT_FOLDS);
  }
}
