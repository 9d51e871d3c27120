package dev.mlops.registry.compare;

import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.internal.Resampling;
import dev.mlops.registry.compare.internal.Normal;
import java.util.Arrays;
import java.util.List;

/**
 * Any metric with a bootstrap interval, for one model or for the difference of two on the same
 * rows. Rows are drawn with replacement, the same for both models, so that what makes a row hard
 * for both cancels; where labels are 0 and 1, each class keeps its number of rows. The interval is
 * the percentile interval of what was drawn (Efron, Tibshirani: An Introduction to the Bootstrap,
 * 1993, chapter 13). Deterministic for a seed. Below some tens of rows of a class the interval is
 * too narrow; use it with 50 at least. Immutable.
 */
public final class PairedBootstrap {
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
    return new PairedBootstrap(Resampling.requireEnough(resamples), seed);
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
    double[] drawn = new double[resamples];
    Resampling.draw(
        strata(labels),
        resamples,
        seed,
        (drawnRows, r) -> drawn[r] =
            statistic.of(pick(labels, drawnRows), pick(a, drawnRows), pick(b, drawnRows)));
    double[] sorted =
        Arrays.stream(drawn).filter(d -> !Double.isNaN(d)).sorted().toArray();
    if (sorted.length < resamples * (1 - MAX_UNDETERMINED)) {
      throw new InvalidInputException("only " + sorted.length + " of " + resamples
          + " resamples determine the metric; there are too few rows of a class");
    }
    double tail = (1 - confidence) / 2;
    return new Estimate(
        value,
        Resampling.deviation(sorted),
        Resampling.quantile(sorted, tail),
        Resampling.quantile(sorted, 1 - tail));
  }

  private static List<int[]> strata(double[] labels) {
    return Arrays.stream(labels).allMatch(label -> label == 0 || label == 1)
        ? Resampling.byClass(labels, 2)
        : Resampling.together(labels.length);
  }

  private static double[] pick(double[] values, int[] rows) {
    double[] picked = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = values[rows[i]];
    }
    return picked;
  }

  private static double requireDetermined(double value) {
    if (Double.isNaN(value)) {
      throw new InvalidInputException("the rows do not determine the metric: it is NaN");
    }
    return value;
  }
}
