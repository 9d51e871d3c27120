package dev.mlops.abtest;

import dev.mlops.abtest.internal.report.HtmlReport;
import dev.mlops.abtest.internal.report.JsonReport;
import dev.mlops.abtest.internal.report.TextReport;
import java.util.List;

/**
 * Everything an analysis found, with the plan it was judged by. Immutable.
 *
 * @param experiment the experiment in its current epoch
 * @param plan what was declared before the data
 * @param health whether the data may be judged
 * @param results one per variant other than the control and metric
 * @param verdict what to do
 * @param history all looks up to and including this one; pass it to the next analysis
 */
public record AnalysisReport(
    Experiment experiment,
    AnalysisPlan plan,
    Health health,
    List<MetricResult> results,
    Verdict verdict,
    LookHistory history) {
  /** Copies the list. */
  public AnalysisReport {
    results = List.copyOf(results);
  }

  /**
   * The report for a terminal.
   *
   * @return lines of text
   */
  public String toText() {
    return TextReport.of(this);
  }

  /**
   * The report for programs, in the format of {@code report-v1.schema.json}.
   *
   * @return one JSON object
   */
  public String toJson() {
    return JsonReport.of(this);
  }

  /**
   * The report for a browser: one file with everything in it, no scripts, nothing loaded.
   *
   * @return an HTML document
   */
  public String toHtml() {
    return HtmlReport.of(this);
  }

  /**
   * The body of an {@code /ab-test/stats} endpoint.
   *
   * @return traffic, first goal and winner
   */
  public AbTestStats stats() {
    return AbTestStats.of(this);
  }
}
