package dev.mlops.registry.compare.internal;

import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.ProbabilityMetrics;
import dev.mlops.evaluation.RankMetrics;
import dev.mlops.evaluation.RegressionMetrics;
import dev.mlops.registry.compare.ScoreMetric;
import java.util.Map;
import java.util.Optional;

/** Metrics that can be recomputed from labels and scores alone. */
public final class ScoreMetrics {
  private static final double THRESHOLD = 0.5;
  private static final double CLIP = Math.ulp(1.0);

  private static final Map<String, ScoreMetric> BY_NAME = Map.of(
      "roc_auc", (labels, scores) -> RankMetrics.rocAuc(positive(labels), scores),
      "pr_auc", (labels, scores) -> RankMetrics.averagePrecision(positive(labels), scores),
      "log_loss", ScoreMetrics::logLoss,
      "brier", (labels, scores) -> ProbabilityMetrics.brier(positive(labels), scores),
      "accuracy", (labels, scores) -> confusion(labels, scores).accuracy(),
      "precision", (labels, scores) -> confusion(labels, scores).precision(),
      "recall", (labels, scores) -> confusion(labels, scores).recall(),
      "f1", (labels, scores) -> confusion(labels, scores).f1(),
      "rmse", RegressionMetrics::rmse,
      "mae", RegressionMetrics::mae);

  private ScoreMetrics() {}

  public static Optional<ScoreMetric> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * Which rows are positive.
   *
   * @throws InvalidInputException if a label is neither 0 nor 1
   */
  public static boolean[] positive(double[] labels) {
    boolean[] positive = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0 && labels[i] != 1) {
        throw new InvalidInputException("label " + i + " must be 0 or 1, got " + labels[i]);
      }
      positive[i] = labels[i] == 1;
    }
    return positive;
  }

  /** As {@link ProbabilityMetrics#logLoss} of two classes, without an array for every row. */
  private static double logLoss(double[] labels, double[] scores) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double p = clipped(scores[i]);
      double q = clipped(1 - scores[i]);
      sum -= Math.log((labels[i] == 1 ? p : q) / (p + q));
    }
    return sum / labels.length;
  }

  private static double clipped(double p) {
    return Math.min(1 - CLIP, Math.max(CLIP, p));
  }

  public static Confusion confusion(double[] labels, double[] scores) {
    int[] cells = new int[4];
    for (int i = 0; i < labels.length; i++) {
      cells[(labels[i] == 1 ? 2 : 0) + (scores[i] >= THRESHOLD ? 1 : 0)]++;
    }
    return new Confusion(cells[0], cells[1], cells[2], cells[3]);
  }

  /** Counts at the threshold 0.5; a ratio with an empty denominator is NaN. */
  public record Confusion(
      int trueNegative, int falsePositive, int falseNegative, int truePositive) {
    double accuracy() {
      return (double) (trueNegative + truePositive)
          / (trueNegative + falsePositive + falseNegative + truePositive);
    }

    double precision() {
      return (double) truePositive / (truePositive + falsePositive);
    }

    double recall() {
      return (double) truePositive / (truePositive + falseNegative);
    }

    double f1() {
      return 2.0 * truePositive / (2.0 * truePositive + falsePositive + falseNegative);
    }
  }
}
