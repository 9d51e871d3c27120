package dev.mlops.evaluation;

import dev.mlops.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where to cut the positive class's score, and what that gives on the rows it was chosen on. Choose
 * it on other rows than those that judge the model. Immutable.
 *
 * @param value rows scored at least this are called positive
 * @param precision the share of positives among rows called positive; 1 if none is
 * @param recall the share of positive rows called positive
 * @param falsePositives how many negative rows are called positive
 * @param falseNegatives how many positive rows are called negative
 */
public record Threshold(
    double value, double precision, double recall, long falsePositives, long falseNegatives) {

  /**
   * Lists all thresholds that make a difference.
   *
   * @param evaluation of two classes with rows of both
   * @return one per distinct score from the highest down, after infinity, which calls nothing
   *     positive
   */
  public static List<Threshold> all(Evaluation evaluation) {
    ConfusionMatrix confusion = evaluation.confusion();
    double positives = confusion.support(1);
    double negatives = confusion.support(0);
    if (positives == 0 || negatives == 0) {
      throw new InvalidInputException(
          "thresholds need rows of both classes, got " + positives + " and " + negatives);
    }
    List<Threshold> thresholds = new ArrayList<>();
    for (RankMetrics.RocPoint point : evaluation.roc()) {
      long trues = Math.round(point.truePositiveRate() * positives);
      long falses = Math.round(point.falsePositiveRate() * negatives);
      thresholds.add(new Threshold(
          point.threshold(),
          trues + falses == 0 ? 1 : (double) trues / (trues + falses),
          trues / positives,
          falses,
          Math.round(positives) - trues));
    }
    return List.copyOf(thresholds);
  }

  /**
   * Finds the cheapest threshold for stated costs.
   *
   * @param evaluation of two classes
   * @param falsePositiveCost the cost of a negative row called positive, at least 0
   * @param falseNegativeCost the cost of a positive row called negative, at least 0
   * @return the threshold of least total cost, the highest of equal ones
   */
  public static Threshold cheapest(
      Evaluation evaluation, double falsePositiveCost, double falseNegativeCost) {
    if (!(falsePositiveCost >= 0 && falseNegativeCost >= 0)) {
      throw new InvalidInputException(
          "costs must be >= 0, got " + falsePositiveCost + " and " + falseNegativeCost);
    }
    return all(evaluation).stream()
        .min(Comparator.comparingDouble(
            t -> t.falsePositives * falsePositiveCost + t.falseNegatives * falseNegativeCost))
        .orElseThrow();
  }

  /**
   * Finds the threshold that finds most positives at a stated precision.
   *
   * @param evaluation of two classes
   * @param precision the least precision, from 0 to 1
   * @return the threshold of greatest recall; empty if no threshold that finds anything is precise
   *     enough
   */
  public static Optional<Threshold> atPrecision(Evaluation evaluation, double precision) {
    if (!(precision >= 0 && precision <= 1)) {
      throw new InvalidInputException("precision must be from 0 to 1, got " + precision);
    }
    return all(evaluation).stream()
        .filter(t -> t.recall > 0 && t.precision >= precision)
        .max(Comparator.comparingDouble(Threshold::recall).thenComparing(Threshold::value));
  }
}
