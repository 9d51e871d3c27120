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
 * @param intervals bootstrap intervals by metric
 */
public record EvaluationReport(
    String title, Evaluation evaluation, Map<String, Interval> intervals) {
  /** Creates a report. */
  public EvaluationReport {
    requireNonNull(title, "title");
    requireNonNull(evaluation, "evaluation");
    intervals = Collections.unmodifiableMap(new TreeMap<>(intervals));
  }

  /**
   * Makes a report with 1,000 bootstrap draws.
   *
   * @param title what was evaluated
   * @param evaluation the evaluation
   * @param seed the seed of the draws
   * @return the report
   */
  public static EvaluationReport of(String title, Evaluation evaluation, long seed) {
    return new EvaluationReport(title, evaluation, Bootstrap.intervals(evaluation, 1000, seed));
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
