package dev.mlops.evaluation;

import static java.util.Objects.requireNonNull;

import dev.mlops.evaluation.internal.EvaluationJson;
import dev.mlops.evaluation.internal.EvaluationPage;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * An evaluation with its 95 % intervals, to be read by people and stored with a version. Immutable.
 *
 * @param title what was evaluated
 * @param evaluation the evaluation
 * @param intervals intervals by metric
 * @param groups reports on groups of the rows by name; empty if there are none
 */
public record EvaluationReport(
    String title,
    Evaluation evaluation,
    Map<String, Interval> intervals,
    Map<String, EvaluationReport> groups) {
  private static final int RESAMPLES = 1000;

  /** Creates a report. */
  public EvaluationReport {
    requireNonNull(title, "title");
    requireNonNull(evaluation, "evaluation");
    intervals = Collections.unmodifiableMap(new TreeMap<>(intervals));
    groups = Collections.unmodifiableMap(new TreeMap<>(groups));
  }

  /**
   * Makes a report with DeLong's interval of the ROC area of two classes and intervals from 1,000
   * stratified bootstrap draws of all other metrics.
   *
   * @param title what was evaluated
   * @param evaluation the evaluation
   * @param seed the seed of the draws
   * @return the report
   */
  public static EvaluationReport of(String title, Evaluation evaluation, long seed) {
    return new EvaluationReport(title, evaluation, intervals(evaluation, seed), Map.of());
  }

  /**
   * Makes a report that also tells of groups of the rows apart.
   *
   * @param title what was evaluated
   * @param evaluation the evaluation
   * @param seed the seed of the draws
   * @param groups the group of every row, such as {@code table.texts("region")}
   * @return the report
   */
  public static EvaluationReport of(
      String title, Evaluation evaluation, long seed, String[] groups) {
    Map<String, EvaluationReport> reports = new TreeMap<>();
    evaluation.by(groups).forEach((name, group) -> reports.put(name, of(name, group, seed)));
    return new EvaluationReport(title, evaluation, intervals(evaluation, seed), reports);
  }

  private static Map<String, Interval> intervals(Evaluation evaluation, long seed) {
    Map<String, Interval> intervals =
        new TreeMap<>(Bootstrap.intervals(evaluation, RESAMPLES, seed));
    if (DeLong.appliesTo(evaluation)) {
      intervals.put(
          "roc_auc",
          DeLong.area(evaluation.positives(1), evaluation.scoresOf(1)).interval());
    }
    return intervals;
  }

  /**
   * Writes the report as JSON, format version 1; a metric that is not defined is null.
   *
   * @return the text
   */
  public String toJson() {
    return EvaluationJson.write(this);
  }

  /**
   * Writes the report as one HTML page that loads nothing from elsewhere.
   *
   * @return the page
   */
  public String toHtml() {
    return EvaluationPage.of(this);
  }
}
