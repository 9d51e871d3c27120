package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.HtmlReport;
import dev.mlops.drift.internal.ReportJson;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of comparing live data with a {@link Baseline}. Immutable.
 *
 * @param verdict for the whole data set: {@code DRIFT} if at least one feature drifted
 * @param features one entry per feature of the baseline, in its order
 * @param policy what counted as drift
 * @param baselineFingerprint which baseline
 * @param referenceRows rows of the reference
 * @param liveRows rows of the live data
 */
public record DriftReport(
    Verdict verdict,
    List<FeatureDrift> features,
    DriftPolicy policy,
    String baselineFingerprint,
    long referenceRows,
    long liveRows) {

  /** Creates a report. */
  public DriftReport {
    features = List.copyOf(features);
    requireNonNull(verdict, "verdict");
    requireNonNull(policy, "policy");
  }

  /**
   * Tells whether the data set drifted.
   *
   * @return true if the verdict is {@code DRIFT}
   */
  public boolean hasDrift() {
    return verdict == Verdict.DRIFT;
  }

  /**
   * Returns the names of the features that drifted.
   *
   * @return the names in the order of the baseline
   */
  public List<String> driftedFeatures() {
    return features.stream()
        .filter(f -> f.verdict() == Verdict.DRIFT)
        .map(FeatureDrift::name)
        .toList();
  }

  /**
   * Returns the result of one feature.
   *
   * @param name the feature
   * @return its result, empty if the baseline does not have it
   */
  public Optional<FeatureDrift> feature(String name) {
    requireNonNull(name, "name");
    return features.stream().filter(f -> f.name().equals(name)).findFirst();
  }

  /**
   * Writes the report as JSON, format version 1; see {@link #jsonSchema()}.
   *
   * @return the text, indented
   */
  public String toJson() {
    return ReportJson.write(this);
  }

  /**
   * Writes the report in the shape of the fraud case study's {@code data/drift/report.json}: per
   * numeric feature {@code {"stat": D, "p": p, "drift": true or false}}.
   *
   * @return the text, indented
   */
  public String toCaseStudyJson() {
    return ReportJson.writeCaseStudy(this);
  }

  /**
   * Writes the report as one HTML page without scripts or outside references. Its size depends on
   * the number of features, not of rows.
   *
   * @return the page
   */
  public String toHtml() {
    return HtmlReport.write(this, List.of());
  }

  /**
   * Writes the page with the effect of every feature over past windows.
   *
   * @param history past windows, oldest first, as {@link DriftMonitor#history()} gives them
   * @return the page
   */
  public String toHtml(List<DriftMonitor.Point> history) {
    return HtmlReport.write(this, List.copyOf(history));
  }

  /**
   * Returns the JSON Schema (draft 2020-12) that {@link #toJson()} keeps to.
   *
   * @return the schema
   */
  public static String jsonSchema() {
    return ReportJson.schema();
  }

  /** What a comparison came to. Ordered by severity. */
  public enum Verdict {
    /** No drift worth acting on. */
    STABLE,
    /** Something to look at: a small but certain change, or one the counts cannot decide. */
    WARNING,
    /** The live data differ from the reference, beyond chance and by enough to matter. */
    DRIFT,
    /** Too few live rows to say. */
    INSUFFICIENT_DATA,
    /** The live data lack the feature, or hold another kind of value. */
    NOT_COMPARABLE
  }
}
