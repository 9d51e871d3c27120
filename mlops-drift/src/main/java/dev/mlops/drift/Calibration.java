package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.Isotonic;

/**
 * A monotone map from scores to probabilities, fitted by isotonic regression (pool adjacent
 * violators, Ayer et al. 1955); linear between the fitted points, constant outside. Immutable.
 */
public final class Calibration {
  private final Isotonic map;

  private Calibration(Isotonic map) {
    this.map = map;
  }

  /**
   * Fits the map.
   *
   * @param scores model scores, finite
   * @param labels 0 or 1 per score
   * @return the map
   * @throws DriftException if the lengths differ, there is no value, or a label is not 0 or 1
   */
  public static Calibration fit(double[] scores, int[] labels) {
    requireScores(scores, labels);
    return new Calibration(Isotonic.fit(scores, labels));
  }

  /**
   * Maps a score.
   *
   * @param score a score
   * @return the probability of label 1
   */
  public double apply(double score) {
    return map.apply(score);
  }

  /**
   * Maps scores.
   *
   * @param scores the scores, not changed
   * @return the probabilities
   */
  public double[] apply(double[] scores) {
    double[] result = new double[requireNonNull(scores, "scores").length];
    for (int i = 0; i < result.length; i++) {
      result[i] = map.apply(scores[i]);
    }
    return result;
  }

  static void requireScores(double[] scores, int[] labels) {
    if (requireNonNull(scores, "scores").length != requireNonNull(labels, "labels").length
        || scores.length == 0) {
      throw DriftException.invalidInput("scores and labels need one length of at least 1, got "
          + scores.length + " and " + labels.length);
    }
    for (int i = 0; i < scores.length; i++) {
      if (!Double.isFinite(scores[i])) {
        throw DriftException.invalidInput("score " + i + " must be finite, got " + scores[i]);
      }
      if (labels[i] != 0 && labels[i] != 1) {
        throw DriftException.invalidInput("label " + i + " must be 0 or 1, got " + labels[i]);
      }
    }
  }
}
