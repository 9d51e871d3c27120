package dev.mlops.training.internal;

import dev.mlops.training.internal.FittedCalibration.ScoreMap;

/*
 * Platt's sigmoid 1 / (1 + exp(a f + b)) by maximum likelihood on smoothed targets (N+ + 1)/(N+ + 2)
 * and 1/(N- + 2), found with Newton's method and backtracking: Lin, Lin, Weng, "A note on Platt's
 * probabilistic outputs for support vector machines", Machine Learning 68 (2007), algorithm 1.
 */
final class Platt {
  private static final int MAX_STEPS = 100;
  private static final double LEAST_STEP = 1e-10;
  private static final double RIDGE = 1e-12;
  private static final double GRADIENT_TOLERANCE = 1e-9;

  private final double[] scores;
  private final double[] targets;

  private Platt(double[] scores, double[] targets) {
    this.scores = scores;
    this.targets = targets;
  }

  static ScoreMap fit(double[] scores, boolean[] positive) {
    double positives = 0;
    for (boolean p : positive) {
      positives += p ? 1 : 0;
    }
    double negatives = positive.length - positives;
    double high = (positives + 1) / (positives + 2);
    double low = 1 / (negatives + 2);
    double[] targets = new double[scores.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = positive[i] ? high : low;
    }
    return new Platt(scores, targets).newton(Math.log((negatives + 1) / (positives + 1)));
  }

  private ScoreMap newton(double startB) {
    double a = 0;
    double b = startB;
    double loss = loss(a, b);
    for (int step = 0; step < MAX_STEPS; step++) {
      double h11 = RIDGE;
      double h22 = RIDGE;
      double h21 = 0;
      double g1 = 0;
      double g2 = 0;
      for (int i = 0; i < scores.length; i++) {
        double p = 1 / (1 + Math.exp(a * scores[i] + b));
        double curvature = p * (1 - p);
        h11 += scores[i] * scores[i] * curvature;
        h22 += curvature;
        h21 += scores[i] * curvature;
        double slope = targets[i] - p;
        g1 += scores[i] * slope;
        g2 += slope;
      }
      if (Math.abs(g1) < GRADIENT_TOLERANCE && Math.abs(g2) < GRADIENT_TOLERANCE) {
        break;
      }
      double determinant = h11 * h22 - h21 * h21;
      double da = -(h22 * g1 - h21 * g2) / determinant;
      double db = -(-h21 * g1 + h11 * g2) / determinant;
      double descent = g1 * da + g2 * db;
      double size = 1;
      while (size >= LEAST_STEP) {
        double next = loss(a + size * da, b + size * db);
        if (next < loss + 1e-4 * size * descent) {
          a += size * da;
          b += size * db;
          loss = next;
          break;
        }
        size /= 2;
      }
      if (size < LEAST_STEP) {
        break;
      }
    }
    return new ScoreMap.Sigmoid(a, b);
  }

  private double loss(double a, double b) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      double f = a * scores[i] + b;
      sum += f >= 0
          ? targets[i] * f + Math.log1p(Math.exp(-f))
          : (targets[i] - 1) * f + Math.log1p(Math.exp(f));
    }
    return sum;
  }
}
