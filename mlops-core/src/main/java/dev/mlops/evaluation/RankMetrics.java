package dev.mlops.evaluation;

import dev.mlops.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well scores put positive rows before negative ones. Equal scores are one step, so the order
 * of rows never counts. A {@code NaN} score is an error; with rows of one class only the measures
 * that need both are {@code NaN}. Definitions as in scikit-learn's {@code metrics/_ranking.py}.
 */
public final class RankMetrics {
  private RankMetrics() {}

  /**
   * A point of the receiver operating characteristic.
   *
   * @param threshold rows scored at least this are called positive
   * @param falsePositiveRate the share of negative rows called positive
   * @param truePositiveRate the share of positive rows called positive
   */
  public record RocPoint(double threshold, double falsePositiveRate, double truePositiveRate) {}

  /**
   * A point of the precision-recall curve.
   *
   * @param threshold rows scored at least this are called positive
   * @param precision the share of positives among rows called positive
   * @param recall the share of positive rows called positive
   */
  public record PrecisionRecallPoint(double threshold, double precision, double recall) {}

  /** Weights of the true and false positives at each distinct score, from the highest down. */
  @SuppressWarnings("ArrayRecordComponent") // never leaves this class
  private record Steps(double[] thresholds, double[] truePositives, double[] falsePositives) {
    double positives() {
      return truePositives[truePositives.length - 1];
    }

    double negatives() {
      return falsePositives[falsePositives.length - 1];
    }
  }

  private static Steps steps(boolean[] positive, double[] scores, double[] weights) {
    if (positive.length == 0
        || scores.length != positive.length
        || weights.length != positive.length) {
      throw new InvalidInputException(
          "labels, scores and weights must have one length of at least 1, got %d, %d and %d"
              .formatted(positive.length, scores.length, weights.length));
    }
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new InvalidInputException("score " + i + " must be a number, got NaN");
      }
    }
    int[] order = IntStream.range(0, scores.length)
        .boxed()
        .sorted((i, j) -> Double.compare(scores[j], scores[i]))
        .mapToInt(Integer::intValue)
        .toArray();
    double[] thresholds = new double[scores.length];
    double[] tp = new double[scores.length];
    double[] fp = new double[scores.length];
    int n = 0;
    double trues = 0;
    double falses = 0;
    for (int i = 0; i < order.length; i++) {
      int row = order[i];
      if (positive[row]) {
        trues += weights[row];
      } else {
        falses += weights[row];
      }
      if (i + 1 == order.length || scores[order[i + 1]] != scores[row]) {
        thresholds[n] = scores[row];
        tp[n] = trues;
        fp[n++] = falses;
      }
    }
    return new Steps(
        java.util.Arrays.copyOf(thresholds, n),
        java.util.Arrays.copyOf(tp, n),
        java.util.Arrays.copyOf(fp, n));
  }

  static double[] ones(int length) {
    double[] ones = new double[length];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * Computes the area under the receiver operating characteristic: the chance that a positive row
   * scores above a negative one, a tie counting half.
   *
   * @param positive which rows are positive
   * @param scores one per row
   * @return from 0 to 1; {@code NaN} if one class is missing
   */
  public static double rocAuc(boolean[] positive, double[] scores) {
    return rocAuc(positive, scores, ones(scores.length));
  }

  /**
   * Computes the weighted area under the receiver operating characteristic.
   *
   * @param positive which rows are positive
   * @param scores one per row
   * @param weights one per row, at least 0
   * @return from 0 to 1; {@code NaN} if one class is missing
   */
  public static double rocAuc(boolean[] positive, double[] scores, double[] weights) {
    Steps steps = steps(positive, scores, weights);
    double area = 0;
    double lastTrue = 0;
    double lastFalse = 0;
    for (int i = 0; i < steps.thresholds.length; i++) {
      area += (steps.falsePositives[i] - lastFalse) * (steps.truePositives[i] + lastTrue) / 2;
      lastTrue = steps.truePositives[i];
      lastFalse = steps.falsePositives[i];
    }
    return area / (steps.positives() * steps.negatives());
  }

  /**
   * Computes the mean area over all pairs of classes (Hand, Till 2001), each pair on its own rows
   * only and by the mean of both classes' scores; scikit-learn's {@code roc_auc_score} with
   * {@code multi_class="ovo", average="macro"}. Unlike the average against the rest it does not
   * depend on how frequent the classes are.
   *
   * @param classes the true class of each row
   * @param scores one array per row with the score of each class, at least two
   * @return from 0 to 1; {@code NaN} if a class has no row
   */
  public static double rocAucOneVersusOne(int[] classes, double[][] scores) {
    if (classes.length == 0 || classes.length != scores.length || scores[0].length < 2) {
      throw new InvalidInputException(
          "one-versus-one needs rows with one score for each of at least two classes, got %d labels and %d rows"
              .formatted(classes.length, scores.length));
    }
    int count = scores[0].length;
    double sum = 0;
    for (int a = 0; a < count; a++) {
      for (int b = a + 1; b < count; b++) {
        sum += (rocAuc(classes, scores, a, b) + rocAuc(classes, scores, b, a)) / 2;
      }
    }
    return sum / (count * (count - 1) / 2.0);
  }

  /** The area of one class's score on the rows of two classes. */
  private static double rocAuc(int[] classes, double[][] scores, int positive, int negative) {
    int[] rows = IntStream.range(0, classes.length)
        .filter(i -> classes[i] == positive || classes[i] == negative)
        .toArray();
    boolean[] is = new boolean[rows.length];
    double[] score = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      is[i] = classes[rows[i]] == positive;
      score[i] = scores[rows[i]][positive];
    }
    return rows.length == 0 ? Double.NaN : rocAuc(is, score);
  }

  /**
   * Computes average precision, the area under the precision-recall curve as a sum of steps: the
   * precision at each threshold times the gain in recall.
   *
   * @param positive which rows are positive
   * @param scores one per row
   * @return from 0 to 1; {@code NaN} without positive rows
   */
  public static double averagePrecision(boolean[] positive, double[] scores) {
    return averagePrecision(positive, scores, ones(scores.length));
  }

  /**
   * Computes weighted average precision.
   *
   * @param positive which rows are positive
   * @param scores one per row
   * @param weights one per row, at least 0
   * @return from 0 to 1; {@code NaN} without positive rows
   */
  public static double averagePrecision(boolean[] positive, double[] scores, double[] weights) {
    Steps steps = steps(positive, scores, weights);
    double sum = 0;
    double last = 0;
    for (int i = 0; i < steps.thresholds.length; i++) {
      double gained = steps.truePositives[i] - last;
      if (gained > 0) {
        sum += gained * steps.truePositives[i] / (steps.truePositives[i] + steps.falsePositives[i]);
      }
      last = steps.truePositives[i];
    }
    return sum / steps.positives();
  }

  /**
   * Draws the receiver operating characteristic.
   *
   * @param positive which rows are positive
   * @param scores one per row
   * @return a point per distinct score, from the highest down, after the point (infinity, 0, 0)
   */
  public static List<RocPoint> roc(boolean[] positive, double[] scores) {
    Steps steps = steps(positive, scores, ones(scores.length));
    List<RocPoint> points = new ArrayList<>();
    points.add(new RocPoint(Double.POSITIVE_INFINITY, 0, 0));
    for (int i = 0; i < steps.thresholds.length; i++) {
      points.add(new RocPoint(
          steps.thresholds[i],
          steps.falsePositives[i] / steps.negatives(),
          steps.truePositives[i] / steps.positives()));
    }
    return List.copyOf(points);
  }

  /**
   * Draws the precision-recall curve.
   *
   * @param positive which rows are positive
   * @param scores one per row
   * @return a point per distinct score, from the highest down
   */
  public static List<PrecisionRecallPoint> precisionRecall(boolean[] positive, double[] scores) {
    Steps steps = steps(positive, scores, ones(scores.length));
    List<PrecisionRecallPoint> points = new ArrayList<>();
    for (int i = 0; i < steps.thresholds.length; i++) {
      points.add(new PrecisionRecallPoint(
          steps.thresholds[i],
          steps.truePositives[i] / (steps.truePositives[i] + steps.falsePositives[i]),
          steps.truePositives[i] / steps.positives()));
    }
    return List.copyOf(points);
  }
}
