package dev.mlops.training.internal;

import java.util.Arrays;
import java.util.List;

/**
 * What was learned to make probabilities of scores, as plain data: one rising map per class, or one
 * for the positive class of two. Immutable.
 *
 * @param maps none, one or as many as there are classes
 */
public record FittedCalibration(List<ScoreMap> maps) {
  public static final FittedCalibration NONE = new FittedCalibration(List.of());

  public FittedCalibration {
    maps = List.copyOf(maps);
  }

  /** Tells whether scores stay as they are. */
  public boolean isNone() {
    return maps.isEmpty();
  }

  /** Replaces scores by probabilities. */
  public void apply(double[] scores) {
    if (maps.isEmpty()) {
      return;
    }
    if (maps.size() == 1) {
      double positive = maps.get(0).apply(scores[1]);
      scores[0] = 1 - positive;
      scores[1] = positive;
      return;
    }
    double sum = 0;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = maps.get(c).apply(scores[c]);
      sum += scores[c];
    }
    if (sum == 0) {
      Arrays.fill(scores, 1.0 / scores.length);
      return;
    }
    for (int c = 0; c < scores.length; c++) {
      scores[c] /= sum;
    }
  }

  /** A map from a score to a probability. */
  @SuppressWarnings("ArrayRecordComponent") // fitted state, never handed out of internal packages
  public sealed interface ScoreMap {
    double apply(double score);

    /** {@code 1 / (1 + exp(a * score + b))}. */
    record Sigmoid(double a, double b) implements ScoreMap {
      @Override
      public double apply(double score) {
        return 1 / (1 + Math.exp(a * score + b));
      }
    }

    /** Points of a rising line; constant outside them. */
    record Points(double[] scores, double[] probabilities) implements ScoreMap {
      @Override
      public double apply(double score) {
        int at = Arrays.binarySearch(scores, score);
        if (at >= 0) {
          return probabilities[at];
        }
        int above = -at - 1;
        if (above == 0) {
          return probabilities[0];
        }
        if (above == scores.length) {
          return probabilities[scores.length - 1];
        }
        double share = (score - scores[above - 1]) / (scores[above] - scores[above - 1]);
        return probabilities[above - 1] + share * (probabilities[above] - probabilities[above - 1]);
      }
    }
  }
}
