package dev.mlops.evaluation;

import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.stream.IntStream;

/*
 * DeLong, DeLong, Clarke-Pearson, "Comparing the areas under two or more correlated receiver
 * operating characteristic curves", Biometrics 44 (1988), with the midranks of Sun and Xu (2014):
 * the structural components V10 (one per positive row) and V01 (one per negative row) are rank
 * differences, and the variance of an area is var(V10)/positives + var(V01)/negatives.
 */

/** Intervals and comparisons of areas under the receiver operating characteristic, by DeLong. */
public final class DeLong {
  /** The normal distribution's 0.975 quantile. */
  private static final double Z = 1.959963984540054;

  private DeLong() {}

  /**
   * An area with its uncertainty.
   *
   * @param auc the area
   * @param variance of the area
   */
  public record Area(double auc, double variance) {

    /**
     * Returns the 95 % interval, cut to 0 and 1.
     *
     * @return the interval
     */
    public Interval interval() {
      double half = Z * Math.sqrt(variance);
      return new Interval(Math.max(0, auc - half), Math.min(1, auc + half));
    }
  }

  /**
   * Two areas on the same rows.
   *
   * @param difference the first area less the second
   * @param standardError of the difference
   * @param interval the 95 % interval of the difference
   * @param pValue two-sided, of equal areas; 1 if the scores rank the rows alike
   */
  public record Test(double difference, double standardError, Interval interval, double pValue) {}

  /** Whether there are two classes with at least two rows of either. */
  static boolean appliesTo(Evaluation evaluation) {
    if (!evaluation.isBinary()) {
      return false;
    }
    ConfusionMatrix confusion = evaluation.confusion();
    return confusion.support(0) >= 2 && confusion.support(1) >= 2;
  }

  /**
   * Estimates an area.
   *
   * @param positive which rows are positive, at least two of either kind
   * @param scores one per row
   * @return the area and its variance
   * @throws InvalidInputException if a class has fewer than two rows, the lengths differ or a score
   *     is NaN
   */
  public static Area area(boolean[] positive, double[] scores) {
    Components c = components(positive, scores);
    return new Area(c.auc, c.covariance(c));
  }

  /**
   * Compares two areas on the same rows.
   *
   * @param positive which rows are positive, at least two of either kind
   * @param first the scores of the first model
   * @param second the scores of the second model
   * @return the difference and its test
   * @throws InvalidInputException if a class has fewer than two rows, the lengths differ or a score
   *     is NaN
   */
  public static Test compare(boolean[] positive, double[] first, double[] second) {
    Components a = components(positive, first);
    Components b = components(positive, second);
    double difference = a.auc - b.auc;
    double variance = a.covariance(a) + b.covariance(b) - 2 * a.covariance(b);
    double deviation = Math.sqrt(Math.max(0, variance));
    double p = difference == 0
        ? 1
        : deviation == 0 ? 0 : Erfc.of(Math.abs(difference) / deviation / Math.sqrt(2));
    var interval = new Interval(difference - Z * deviation, difference + Z * deviation);
    return new Test(difference, deviation, interval, p);
  }

  @SuppressWarnings("ArrayRecordComponent") // never leaves this class
  private record Components(double auc, double[] v10, double[] v01) {
    double covariance(Components other) {
      return covariance(v10, auc, other.v10, other.auc) / v10.length
          + covariance(v01, auc, other.v01, other.auc) / v01.length;
    }

    private static double covariance(double[] a, double meanA, double[] b, double meanB) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += (a[i] - meanA) * (b[i] - meanB);
      }
      return sum / (a.length - 1);
    }
  }

  private static Components components(boolean[] positive, double[] scores) {
    if (positive.length != scores.length) {
      throw new InvalidInputException("labels and scores must have one length, got "
          + positive.length
          + " and "
          + scores.length);
    }
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new InvalidInputException("score " + i + " must be a number, got NaN");
      }
    }
    int[] positives = IntStream.range(0, scores.length).filter(i -> positive[i]).toArray();
    int[] negatives =
        IntStream.range(0, scores.length).filter(i -> !positive[i]).toArray();
    int m = positives.length;
    int n = negatives.length;
    if (m < 2 || n < 2) {
      throw new InvalidInputException(
          "DeLong needs at least two rows of either class, got " + m + " and " + n);
    }
    double[] all = midranks(scores);
    double[] x = midranks(Arrays.stream(positives).mapToDouble(i -> scores[i]).toArray());
    double[] y = midranks(Arrays.stream(negatives).mapToDouble(i -> scores[i]).toArray());
    double[] v10 = new double[m];
    double[] v01 = new double[n];
    double sum = 0;
    for (int i = 0; i < m; i++) {
      v10[i] = (all[positives[i]] - x[i]) / n;
      sum += v10[i];
    }
    for (int i = 0; i < n; i++) {
      v01[i] = 1 - (all[negatives[i]] - y[i]) / m;
    }
    return new Components(sum / m, v10, v01);
  }

  private static double[] midranks(double[] values) {
    Integer[] order = IntStream.range(0, values.length)
        .boxed()
        .sorted((i, j) -> Double.compare(values[i], values[j]))
        .toArray(Integer[]::new);
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to + 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }
}
