package dev.mlops.registry.compare;

import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.compare.internal.MidRanks;
import dev.mlops.registry.compare.internal.Normal;

/*
 * With m positive scores X and n negative scores Y, the area under the ROC curve is the mean over
 * all pairs of psi(X, Y) = 1 if X > Y, 1/2 if equal, 0 otherwise. The structural components are
 *   V10(i) = mean over j of psi(X_i, Y_j),   V01(j) = mean over i of psi(X_i, Y_j)
 * and the covariance of two areas is cov(V10, V10')/m + cov(V01, V01')/n.
 *
 *  [1] E. DeLong, D. DeLong, D. Clarke-Pearson: Comparing the Areas under Two or More Correlated
 *      Receiver Operating Characteristic Curves. Biometrics 44 (1988), 837-845.
 *  [2] X. Sun, W. Xu: Fast Implementation of DeLong's Algorithm. IEEE Signal Processing Letters 21
 *      (2014), 1389-1393: the components from mid-ranks in O(n log n).
 */

/**
 * The area under the ROC curve with DeLong's standard error, for one model or for the difference of
 * two on the same rows. The normal interval needs some tens of rows of each class to hold its
 * confidence; below 2 of either class there is no variance and the methods refuse. Immutable.
 */
public final class DeLong {
  private DeLong() {}

  /**
   * An area with its interval.
   *
   * @param area the area under the ROC curve
   * @param standardError DeLong's standard error
   * @param low lower end, at least 0
   * @param high upper end, at most 1
   */
  public record Area(double area, double standardError, double low, double high) {}

  /**
   * Measures one model.
   *
   * @param labels 1 for positive rows, 0 for negative
   * @param scores higher means likelier positive
   * @param confidence of the interval, between 0 and 1
   * @return the area with its interval
   * @throws InvalidInputException if a class has fewer than 2 rows, or a label is neither 0 nor 1
   */
  public static Area area(double[] labels, double[] scores, double confidence) {
    Components components = Components.of(labels, scores);
    double error = Math.sqrt(components.covariance(components));
    double reach = Normal.twoSided(confidence) * error;
    double area = components.area();
    return new Area(area, error, Math.max(0, area - reach), Math.min(1, area + reach));
  }

  /**
   * Compares two models on the same rows.
   *
   * @param labels 1 for positive rows, 0 for negative
   * @param candidate the candidate's scores
   * @param champion the champion's scores of the same rows
   * @param confidence of the interval, between 0 and 1
   * @return the difference of {@code roc_auc} with its interval
   * @throws InvalidInputException if a class has fewer than 2 rows, lengths differ or a label is
   *     neither 0 nor 1
   */
  public static PairedComparison compare(
      double[] labels, double[] candidate, double[] champion, double confidence) {
    Components a = Components.of(labels, candidate);
    Components b = Components.of(labels, champion);
    double variance = a.covariance(a) + b.covariance(b) - 2 * a.covariance(b);
    double error = Math.sqrt(Math.max(0, variance)); // rounding can leave -1e-18
    double reach = Normal.twoSided(confidence) * error;
    double difference = a.area() - b.area();
    return new PairedComparison(
        "roc_auc",
        a.area(),
        b.area(),
        difference,
        error,
        difference - reach,
        difference + reach,
        confidence,
        labels.length,
        "DeLong");
  }

  /** The structural components of one area. */
  private record Components(double area, double[] positive, double[] negative) {
    static Components of(double[] labels, double[] scores) {
      if (labels.length != scores.length) {
        throw new InvalidInputException(
            "got " + labels.length + " labels and " + scores.length + " scores");
      }
      int m = 0;
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] != 0 && labels[i] != 1 || Double.isNaN(scores[i])) {
          throw new InvalidInputException("row " + i + " has label " + labels[i] + " and score "
              + scores[i] + "; a label is 0 or 1 and a score a number");
        }
        m += labels[i] == 1 ? 1 : 0;
      }
      int n = labels.length - m;
      if (m < 2 || n < 2) {
        throw new InvalidInputException(
            "DeLong needs 2 rows of each class, got " + m + " positive and " + n + " negative");
      }
      double[] x = new double[m];
      double[] y = new double[n];
      for (int i = 0, p = 0, q = 0; i < labels.length; i++) {
        if (labels[i] == 1) {
          x[p++] = scores[i];
        } else {
          y[q++] = scores[i];
        }
      }
      double[] all = new double[m + n];
      System.arraycopy(x, 0, all, 0, m);
      System.arraycopy(y, 0, all, m, n);
      double[] ranks = MidRanks.of(all);
      double[] own = MidRanks.of(x);
      double[] other = MidRanks.of(y);
      double area = 0;
      for (int i = 0; i < m; i++) {
        x[i] = (ranks[i] - own[i]) / n;
        area += x[i];
      }
      for (int j = 0; j < n; j++) {
        y[j] = 1 - (ranks[m + j] - other[j]) / m;
      }
      return new Components(area / m, x, y);
    }

    double covariance(Components that) {
      return covariance(positive, that.positive) / positive.length
          + covariance(negative, that.negative) / negative.length;
    }

    private static double covariance(double[] a, double[] b) {
      double meanA = mean(a);
      double meanB = mean(b);
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += (a[i] - meanA) * (b[i] - meanB);
      }
      return sum / (a.length - 1);
    }

    private static double mean(double[] values) {
      double sum = 0;
      for (double value : values) {
        sum += value;
      }
      return sum / values.length;
    }
  }
}
