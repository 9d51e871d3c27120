package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.Isotonic;
import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;

/**
 * Estimates how well a binary classifier does before any label arrives, from its calibrated
 * probabilities alone (confidence-based performance estimation, CBPE).
 *
 * <p>A row predicted positive with probability p is a true positive with probability p; summing
 * gives the expected confusion matrix, and sweeping the threshold the expected ROC curve.
 *
 * <p><strong>Assumptions.</strong> The probabilities are calibrated on the live population and the
 * relation of features to label has not changed: covariate shift is seen, concept drift is
 * <em>not</em>. Where labels do arrive, use {@link PerformanceMonitor}.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class PerformanceEstimator {
  private static final int MIN_ROWS = 30;

  private final Calibration calibration;
  private final double threshold;

  private PerformanceEstimator(Calibration calibration, double threshold) {
    this.calibration = calibration;
    this.threshold = threshold;
  }

  /**
   * What a classifier achieves.
   *
   * @param accuracy share of correct predictions
   * @param precision share of true among predicted positives, 0 if none is predicted
   * @param recall share of found among true positives, 0 if there is none
   * @param specificity share of found among true negatives, 0 if there is none
   * @param f1 harmonic mean of precision and recall
   * @param rocAuc area under the ROC curve; 0.5 if only one class is expected
   */
  public record Performance(
      double accuracy,
      double precision,
      double recall,
      double specificity,
      double f1,
      double rocAuc) {}

  /**
   * An estimate with the spread that chance alone gives it at this number of rows.
   *
   * @param expected the estimate
   * @param samplingError standard deviation of the realised performance around it, if the
   *     assumptions hold
   * @param rows how many rows it rests on
   */
  public record Estimate(Performance expected, Performance samplingError, int rows) {}

  /**
   * Fits the calibration on labelled reference scores.
   *
   * @param scores reference scores
   * @param labels 0 or 1 per score
   * @param threshold the score from which the model predicts 1
   * @return the estimator
   * @throws DriftException if there are fewer than 30 rows or a label is not 0 or 1
   */
  public static PerformanceEstimator fit(double[] scores, int[] labels, double threshold) {
    if (scores.length < MIN_ROWS) {
      throw DriftException.invalidInput(
          "calibration needs at least 30 labelled rows, got " + scores.length);
    }
    if (!Double.isFinite(threshold)) {
      throw DriftException.invalidInput("threshold must be finite, got " + threshold);
    }
    return new PerformanceEstimator(Calibration.fit(scores, labels), threshold);
  }

  /**
   * Estimates the performance on live scores.
   *
   * @param scores live scores, at least one
   * @param random draws the labels of the simulation that gives the sampling error
   * @return the estimate
   * @throws DriftException if there is no score or one is not finite
   */
  public Estimate estimate(double[] scores, RandomGenerator random) {
    double[] probabilities = calibration.apply(requireScores(scores));
    int[] predicted = predicted(scores);
    Performance expected = expected(probabilities, predicted, scores);
    return new Estimate(
        expected, samplingError(probabilities, predicted, scores, random), scores.length);
  }

  private int[] predicted(double[] scores) {
    return Arrays.stream(scores).mapToInt(s -> s >= threshold ? 1 : 0).toArray();
  }

  private static double[] requireScores(double[] scores) {
    if (requireNonNull(scores, "scores").length == 0) {
      throw DriftException.invalidInput("an estimate needs at least one score, got none");
    }
    for (double s : scores) {
      if (!Double.isFinite(s)) {
        throw DriftException.invalidInput("a score must be finite, got " + s);
      }
    }
    return scores;
  }

  /**
   * Returns the expected performance for probabilities that are already calibrated.
   *
   * @param probabilities P(label = 1) per row
   * @param predicted the model's decision per row, 0 or 1
   * @param scores what the rows are ranked by for the ROC curve
   * @return the expectation
   * @throws DriftException if the lengths differ or a probability is out of range
   */
  public static Performance expected(double[] probabilities, int[] predicted, double[] scores) {
    Calibration.requireScores(requireScores(scores), predicted);
    if (probabilities.length != scores.length) {
      throw DriftException.invalidInput("one probability per score is needed, got "
          + probabilities.length + " and " + scores.length);
    }
    for (double p : probabilities) {
      if (!(p >= 0 && p <= 1)) {
        throw DriftException.invalidInput("a probability must be from 0 to 1, got " + p);
      }
    }
    double truePositive = 0;
    double falsePositive = 0;
    double falseNegative = 0;
    double trueNegative = 0;
    for (int i = 0; i < predicted.length; i++) {
      if (predicted[i] == 1) {
        truePositive += probabilities[i];
        falsePositive += 1 - probabilities[i];
      } else {
        falseNegative += probabilities[i];
        trueNegative += 1 - probabilities[i];
      }
    }
    return performance(
        truePositive,
        falsePositive,
        falseNegative,
        trueNegative,
        rocAuc(probabilities, order(scores), scores));
  }

  /**
   * Returns the performance realised with known labels.
   *
   * @param labels 0 or 1 per row
   * @param predicted the model's decision per row, 0 or 1
   * @param scores what the rows are ranked by for the ROC curve
   * @return the realised performance
   * @throws DriftException if the lengths differ or a label is not 0 or 1
   */
  public static Performance realised(int[] labels, int[] predicted, double[] scores) {
    Calibration.requireScores(scores, labels);
    return expected(Arrays.stream(labels).asDoubleStream().toArray(), predicted, scores);
  }

  private static Performance performance(
      double tp, double fp, double fn, double tn, double rocAuc) {
    return new Performance(
        (tp + tn) / (tp + fp + fn + tn),
        ratio(tp, tp + fp),
        ratio(tp, tp + fn),
        ratio(tn, tn + fp),
        ratio(2 * tp, 2 * tp + fp + fn),
        rocAuc);
  }

  private static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
  }

  private static Integer[] order(double[] scores) {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    return order;
  }

  /** The trapezoid under the expected ROC curve; rows of equal score are one step. */
  private static double rocAuc(double[] probabilities, Integer[] order, double[] scores) {
    double tp = 0;
    double fp = 0;
    double area = 0;
    for (int i = 0; i < order.length; ) {
      double score = scores[order[i]];
      double p = 0;
      double q = 0;
      for (; i < order.length && scores[order[i]] == score; i++) {
        p += probabilities[order[i]];
        q += 1 - probabilities[order[i]];
      }
      area += q * (tp + p / 2);
      tp += p;
      fp += q;
    }
    return tp > 0 && fp > 0 ? area / (tp * fp) : 0.5;
  }

  /** Labels drawn 200 times from the probabilities; the spread of what would be realised. */
  private static Performance samplingError(
      double[] probabilities, int[] predicted, double[] scores, RandomGenerator random) {
    int draws = 200;
    double[][] values = new double[6][draws];
    double[] labels = new double[probabilities.length];
    Integer[] order = order(scores);
    for (int d = 0; d < draws; d++) {
      double tp = 0;
      double fp = 0;
      double fn = 0;
      double tn = 0;
      for (int i = 0; i < labels.length; i++) {
        labels[i] = random.nextDouble() < probabilities[i] ? 1 : 0;
        if (predicted[i] == 1) {
          tp += labels[i];
          fp += 1 - labels[i];
        } else {
          fn += labels[i];
          tn += 1 - labels[i];
        }
      }
      Performance p = performance(tp, fp, fn, tn, rocAuc(labels, order, scores));
      double[] all = {p.accuracy, p.precision, p.recall, p.specificity, p.f1, p.rocAuc};
      for (int k = 0; k < all.length; k++) {
        values[k][d] = all[k];
      }
    }
    double[] sd = new double[6];
    for (int k = 0; k < 6; k++) {
      double mean = Arrays.stream(values[k]).average().orElse(0);
      sd[k] =
          Math.sqrt(Arrays.stream(values[k]).map(v -> (v - mean) * (v - mean)).sum() / (draws - 1));
    }
    return new Performance(sd[0], sd[1], sd[2], sd[3], sd[4], sd[5]);
  }

  /**
   * A monotone map from scores to probabilities, fitted by isotonic regression (pool adjacent
   * violators, Ayer et al. 1955); linear between the fitted points, constant outside. Immutable.
   */
  public static final class Calibration {
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
}
