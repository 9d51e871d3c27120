package dev.mlops.registry.compare;

import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.compare.internal.Normal;
import java.util.Arrays;
import java.util.SplittableRandom;

/*
 * Rows are drawn with replacement, the same rows for both models, so that what makes a row hard for
 * both cancels. The interval is the percentile interval of the drawn differences.
 *
 *  [1] B. Efron, R. Tibshirani: An Introduction to the Bootstrap. Chapman & Hall 1993, chapters 6
 *      (standard errors) and 13 (percentile intervals).
 */

/**
 * Any metric with a bootstrap interval, for one model or for the difference of two on the same
 * rows. Deterministic for a seed. Below some tens of rows the percentile interval is too narrow;
 * use it with 50 rows at least. Immutable.
 */
public final class PairedBootstrap {
  private static final int MIN_RESAMPLES = 100;
  /** A resample may leave the metric undetermined, as with one class; more than this refuses. */
  private static final double MAX_UNDETERMINED = 0.1;

  private final int resamples;
  private final long seed;

  private PairedBootstrap(int resamples, long seed) {
    this.resamples = resamples;
    this.seed = seed;
  }

  /**
   * Creates a bootstrap.
   *
   * @param resamples how often to draw, at least 100; 2000 is usual for an interval
   * @param seed decides which rows are drawn
   * @return the bootstrap
   */
  public static PairedBootstrap of(int resamples, long seed) {
    if (resamples < MIN_RESAMPLES) {
      throw new InvalidInputException(
          "a bootstrap needs at least " + MIN_RESAMPLES + " resamples, got " + resamples);
    }
    return new PairedBootstrap(resamples, seed);
  }

  /**
   * A value with its interval.
   *
   * @param value the metric on the rows as they are
   * @param standardError the standard deviation over the resamples
   * @param low lower end of the percentile interval
   * @param high upper end of the percentile interval
   */
  public record Estimate(double value, double standardError, double low, double high) {}

  /**
   * Measures one model.
   *
   * @param metric the metric
   * @param labels the truth per row
   * @param scores the score per row
   * @param confidence of the interval, between 0 and 1
   * @return the value with its interval
   * @throws InvalidInputException if the rows, or more than a tenth of the resamples, do not
   *     determine the metric
   */
  public Estimate estimate(
      ScoreMetric metric, double[] labels, double[] scores, double confidence) {
    return estimate(labels, scores, scores, (l, s, ignored) -> metric.of(l, s), confidence);
  }

  /**
   * Compares two models on the same rows.
   *
   * @param name the metric's name, for the result
   * @param metric the metric
   * @param labels the truth per row
   * @param candidate the candidate's scores
   * @param champion the champion's scores of the same rows
   * @param confidence of the interval, between 0 and 1
   * @return the difference with its interval
   * @throws InvalidInputException if the rows, or more than a tenth of the resamples, do not
   *     determine the metric
   */
  public PairedComparison compare(
      String name,
      ScoreMetric metric,
      double[] labels,
      double[] candidate,
      double[] champion,
      double confidence) {
    Estimate difference = estimate(
        labels, candidate, champion, (l, a, b) -> metric.of(l, a) - metric.of(l, b), confidence);
    return new PairedComparison(
        name,
        metric.of(labels, candidate),
        metric.of(labels, champion),
        difference.value(),
        difference.standardError(),
        difference.low(),
        difference.high(),
        confidence,
        labels.length,
        "paired bootstrap");
  }

  private interface Statistic {
    double of(double[] labels, double[] a, double[] b);
  }

  private Estimate estimate(
      double[] labels, double[] a, double[] b, Statistic statistic, double confidence) {
    Normal.twoSided(confidence); // refuses what is no confidence
    int rows = labels.length;
    if (rows < 2 || a.length != rows || b.length != rows) {
      throw new InvalidInputException("a bootstrap needs 2 rows and one score per label, got "
          + rows + " labels, " + a.length + " and " + b.length + " scores");
    }
    double value = requireDetermined(statistic.of(labels, a, b));
    var random = new SplittableRandom(seed);
    double[] drawn = new double[resamples];
    int determined = 0;
    double[] drawnLabels = new double[rows];
    double[] drawnA = new double[rows];
    double[] drawnB = new double[rows];
    for (int r = 0; r < resamples; r++) {
      for (int i = 0; i < rows; i++) {
        int row = random.nextInt(rows);
        drawnLabels[i] = labels[row];
        drawnA[i] = a[row];
        drawnB[i] = b[row];
      }
      double result = statistic.of(drawnLabels, drawnA, drawnB);
      if (!Double.isNaN(result)) {
        drawn[determined++] = result;
      }
    }
    if (determined < resamples * (1 - MAX_UNDETERMINED)) {
      throw new InvalidInputException("only " + determined + " of " + resamples
          + " resamples determine the metric; there are too few rows of a class");
    }
    double[] sorted = Arrays.copyOf(drawn, determined);
    Arrays.sort(sorted);
    double tail = (1 - confidence) / 2;
    return new Estimate(
        value, deviation(sorted), quantile(sorted, tail), quantile(sorted, 1 - tail));
  }

  private static double requireDetermined(double value) {
    if (Double.isNaN(value)) {
      throw new InvalidInputException("the rows do not determine the metric: it is NaN");
    }
    return value;
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / (values.length - 1));
  }

  /** Linear interpolation between order statistics. */
  private static double quantile(double[] sorted, double p) {
    double at = p * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
