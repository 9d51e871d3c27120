package dev.mlops.registry.compare.internal;

import dev.mlops.registry.compare.ScoreMetric;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Metrics that can be recomputed from labels and scores alone. */
public final class ScoreMetrics {
  private static final double THRESHOLD = 0.5;
  private static final double TINY = 1e-15;

  private static final Map<String, ScoreMetric> BY_NAME = Map.of(
      "roc_auc", ScoreMetrics::rocAuc,
      "pr_auc", ScoreMetrics::averagePrecision,
      "log_loss", ScoreMetrics::logLoss,
      "brier", (labels, scores) -> meanSquare(labels, scores),
      "accuracy", (labels, scores) -> confusion(labels, scores).accuracy(),
      "precision", (labels, scores) -> confusion(labels, scores).precision(),
      "recall", (labels, scores) -> confusion(labels, scores).recall(),
      "f1", (labels, scores) -> confusion(labels, scores).f1(),
      "rmse", (labels, scores) -> Math.sqrt(meanSquare(labels, scores)),
      "mae", ScoreMetrics::meanAbsolute);

  private ScoreMetrics() {}

  public static Optional<ScoreMetric> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  private static double rocAuc(double[] labels, double[] scores) {
    double[] ranks = MidRanks.of(scores);
    double sum = 0;
    double positives = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == 1) {
        sum += ranks[i];
        positives++;
      }
    }
    double negatives = labels.length - positives;
    return (sum - positives * (positives + 1) / 2) / (positives * negatives);
  }

  /** Average precision: the sum of precision times the step of recall, over distinct scores. */
  private static double averagePrecision(double[] labels, double[] scores) {
    Integer[] order = new Integer[scores.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    double positives = Arrays.stream(labels).sum();
    double hits = 0;
    double before = 0;
    double area = 0;
    for (int i = 0; i < order.length; i++) {
      hits += labels[order[i]];
      if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
        area += hits / (i + 1) * (hits - before) / positives;
        before = hits;
      }
    }
    return area;
  }

  private static double logLoss(double[] labels, double[] scores) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double p = Math.min(1 - TINY, Math.max(TINY, scores[i]));
      sum -= labels[i] == 1 ? Math.log(p) : Math.log1p(-p);
    }
    return sum / labels.length;
  }

  private static double meanSquare(double[] labels, double[] scores) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum += (labels[i] - scores[i]) * (labels[i] - scores[i]);
    }
    return sum / labels.length;
  }

  private static double meanAbsolute(double[] labels, double[] scores) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum += Math.abs(labels[i] - scores[i]);
    }
    return sum / labels.length;
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
