package dev.mlops.evaluation;

import dev.mlops.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** How close probabilities are to what happened. A {@code NaN} probability is an error. */
public final class ProbabilityMetrics {
  /** Probabilities of 0 and 1 are taken as this close to them, as in scikit-learn 1.2. */
  private static final double LOG_CLIP = Math.ulp(1.0);

  private ProbabilityMetrics() {}

  /**
   * One bin of a reliability diagram.
   *
   * @param lower the least probability of the bin
   * @param upper the greatest probability of the bin
   * @param count the number of rows in it
   * @param meanProbability the mean probability of its rows
   * @param positiveShare the share of its rows that are positive
   */
  public record CalibrationBin(
      double lower, double upper, int count, double meanProbability, double positiveShare) {}

  /**
   * Computes the mean negative logarithm of the probability given to the true class.
   *
   * @param classes the true class of each row
   * @param probabilities one array per row with the probability of each class
   * @return at least 0, in nats
   */
  public static double logLoss(int[] classes, double[][] probabilities) {
    requireSame(classes.length, probabilities.length);
    double sum = 0;
    for (int i = 0; i < classes.length; i++) {
      double total = 0;
      for (double p : probabilities[i]) {
        total += clip(requireProbability(p, i));
      }
      sum -= Math.log(clip(probabilities[i][classes[i]]) / total);
    }
    return sum / classes.length;
  }

  private static double clip(double p) {
    return Math.min(1 - LOG_CLIP, Math.max(LOG_CLIP, p));
  }

  /**
   * Computes the Brier score of two classes: the mean squared distance of the positive class's
   * probability from what happened.
   *
   * @param positive which rows are positive
   * @param probabilities of being positive, one per row
   * @return from 0 to 1
   */
  public static double brier(boolean[] positive, double[] probabilities) {
    requireSame(positive.length, probabilities.length);
    double sum = 0;
    for (int i = 0; i < positive.length; i++) {
      double difference = requireProbability(probabilities[i], i) - (positive[i] ? 1 : 0);
      sum += difference * difference;
    }
    return sum / positive.length;
  }

  /**
   * Computes Brier's original score of several classes: the mean over rows of the squared distances
   * summed over classes. For two classes it is twice the score of {@link #brier(boolean[],
   * double[])}.
   *
   * @param classes the true class of each row
   * @param probabilities one array per row with the probability of each class
   * @return from 0 to 2
   */
  public static double brier(int[] classes, double[][] probabilities) {
    requireSame(classes.length, probabilities.length);
    double sum = 0;
    for (int i = 0; i < classes.length; i++) {
      for (int c = 0; c < probabilities[i].length; c++) {
        double difference = requireProbability(probabilities[i][c], i) - (classes[i] == c ? 1 : 0);
        sum += difference * difference;
      }
    }
    return sum / classes.length;
  }

  /**
   * Sorts rows into bins of equal width by probability.
   *
   * @param positive which rows are positive
   * @param probabilities of being positive, one per row
   * @param bins how many, at least 1
   * @return the bins that hold rows, from low to high; a probability on an edge belongs to the bin
   *     below it
   */
  public static List<CalibrationBin> reliability(
      boolean[] positive, double[] probabilities, int bins) {
    requireSame(positive.length, probabilities.length);
    if (bins < 1) {
      throw new InvalidInputException("bins must be >= 1, got " + bins);
    }
    int[] counts = new int[bins];
    double[] sums = new double[bins];
    double[] positives = new double[bins];
    for (int i = 0; i < positive.length; i++) {
      double p = requireProbability(probabilities[i], i);
      int b = 0;
      while (b < bins - 1 && p > edge(b + 1, bins)) {
        b++;
      }
      counts[b]++;
      sums[b] += p;
      positives[b] += positive[i] ? 1 : 0;
    }
    List<CalibrationBin> filled = new ArrayList<>();
    for (int b = 0; b < bins; b++) {
      if (counts[b] > 0) {
        filled.add(new CalibrationBin(
            edge(b, bins),
            edge(b + 1, bins),
            counts[b],
            sums[b] / counts[b],
            positives[b] / counts[b]));
      }
    }
    return List.copyOf(filled);
  }

  private static double edge(int bin, int bins) {
    return (double) bin / bins;
  }

  /**
   * Computes the expected calibration error: the mean over rows of the distance between their bin's
   * mean probability and its share of positives (Naeini, Cooper, Hauskrecht 2015).
   *
   * @param positive which rows are positive
   * @param probabilities of being positive, one per row
   * @param bins how many bins of equal width; 10 is usual
   * @return from 0 to 1
   */
  public static double calibrationError(boolean[] positive, double[] probabilities, int bins) {
    double sum = 0;
    for (CalibrationBin bin : reliability(positive, probabilities, bins)) {
      sum += bin.count() * Math.abs(bin.meanProbability() - bin.positiveShare());
    }
    return sum / positive.length;
  }

  private static void requireSame(int labels, int probabilities) {
    if (labels == 0 || labels != probabilities) {
      throw new InvalidInputException(
          "labels and probabilities must have one length of at least 1, got %d and %d"
              .formatted(labels, probabilities));
    }
  }

  private static double requireProbability(double p, int row) {
    if (!(p >= 0 && p <= 1 + 1e-9)) {
      throw new InvalidInputException(
          "row " + row + ": a probability must be from 0 to 1, got " + p);
    }
    return p;
  }
}
