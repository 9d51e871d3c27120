package dev.mlops.registry.compare;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.DeLong;
import dev.mlops.registry.compare.internal.Normal;
import dev.mlops.registry.compare.internal.ScoreMetrics;
import java.util.Locale;

/**
 * The difference of one metric between two models on the same rows, with an interval. Immutable.
 *
 * @param metric the metric's name
 * @param candidate the candidate's value
 * @param champion the champion's value
 * @param difference candidate minus champion
 * @param standardError of the difference
 * @param low lower end of the interval of the difference
 * @param high upper end of the interval of the difference
 * @param confidence of the interval, from 0 to 1
 * @param rows how many rows were compared
 * @param method {@code DeLong} or {@code paired bootstrap}
 */
public record PairedComparison(
    String metric,
    double candidate,
    double champion,
    double difference,
    double standardError,
    double low,
    double high,
    double confidence,
    int rows,
    String method) {
  /** Creates a comparison. */
  public PairedComparison {
    requireNonNull(metric, "metric");
    requireNonNull(method, "method");
  }

  /**
   * Compares the areas under the ROC curves of two models by the method of DeLong, DeLong and
   * Clarke-Pearson. The normal interval needs some tens of rows of each class to hold its
   * confidence.
   *
   * @param candidate labels 0 and 1, and the candidate's scores
   * @param champion the champion's scores of the same rows
   * @param confidence of the interval, between 0 and 1
   * @return the difference of {@code roc_auc} with its interval
   * @throws InvalidInputException if the rows are not the same, a class has fewer than 2 of them or
   *     a label is neither 0 nor 1
   */
  public static PairedComparison ofAreas(
      TestScores candidate, TestScores champion, double confidence) {
    double z = Normal.twoSided(confidence);
    if (!candidate.sameRows(champion)) {
      throw new InvalidInputException("different rows cannot be compared in pairs: "
          + candidate.fingerprint() + " and " + champion.fingerprint());
    }
    boolean[] positive = ScoreMetrics.positive(candidate.labels());
    double[] scores = candidate.scores();
    double[] held = champion.scores();
    DeLong.Test test = DeLong.compare(positive, scores, held);
    double reach = z * test.standardError();
    return new PairedComparison(
        "roc_auc",
        DeLong.area(positive, scores).auc(),
        DeLong.area(positive, held).auc(),
        test.difference(),
        test.standardError(),
        test.difference() - reach,
        test.difference() + reach,
        confidence,
        positive.length,
        "DeLong");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %.4f against %.4f, difference %.4f, %.0f %% interval [%.4f, %.4f] (%s, %d rows)",
        metric,
        candidate,
        champion,
        difference,
        confidence * 100,
        low,
        high,
        method,
        rows);
  }
}
