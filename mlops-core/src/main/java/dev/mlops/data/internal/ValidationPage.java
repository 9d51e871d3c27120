package dev.mlops.data.internal;

import dev.mlops.data.ValidationReport;
import dev.mlops.data.ValidationReport.Finding;
import java.util.List;
import java.util.stream.Collectors;

/** The page of a validation report. */
public final class ValidationPage {
  private ValidationPage() {}

  public static String of(ValidationReport report) {
    int failed = report.failures().size();
    Page page = new Page("Data validation")
        .paragraph(
            report.passed() ? "lead good" : "lead bad",
            report.passed()
                ? "All %d expectations hold on %d rows."
                    .formatted(report.findings().size(), report.rows())
                : "%d of %d expectations failed on %d rows."
                    .formatted(failed, report.findings().size(), report.rows()));
    if (failed > 0) {
      page.heading("What failed").table(HEAD, rows(report.failures()), 3);
      for (Finding finding : report.failures()) {
        if (!finding.examples().isEmpty()) {
          page.heading("Rows: " + finding.rule().column())
              .paragraph("", finding.reason())
              .table(
                  List.of("row", "value"),
                  finding.examples().stream()
                      .map(e -> List.of(Integer.toString(e.row()), e.value()))
                      .toList(),
                  2);
          if (finding.offendingRows() > finding.examples().size()) {
            page.paragraph(
                "",
                "and %d more rows"
                    .formatted(finding.offendingRows() - finding.examples().size()));
          }
        }
      }
    }
    return page.heading("All expectations")
        .table(HEAD, rows(report.findings()), 3)
        .html();
  }

  private static final List<String> HEAD = List.of("result", "rule", "reason", "rows");

  private static List<List<String>> rows(List<Finding> findings) {
    return findings.stream()
        .map(f -> List.of(
            f.passed() ? "passed" : "failed",
            f.rule().getClass().getSimpleName(),
            f.reason(),
            f.offendingRows() == 0 ? "" : Integer.toString(f.offendingRows())))
        .collect(Collectors.toList());
  }
}
