package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.AnalysisReport;
import dev.mlops.abtest.Health;
import dev.mlops.abtest.MetricResult;
import java.util.Locale;

/** The report for a terminal. */
public final class TextReport {
  private TextReport() {}

  public static String of(AnalysisReport report) {
    StringBuilder out = new StringBuilder();
    out.append("Experiment ").append(report.experiment().key());
    out.append(" (epoch ").append(report.experiment().epoch()).append("), plan: ");
    out.append(Words.design(report.plan()));
    out.append(", alpha ").append(report.plan().alpha()).append('\n');
    out.append(report.verdict().summary()).append("\n\n");
    for (Health.Arm arm : report.health().arms()) {
      out.append(String.format(
          Locale.ROOT,
          "  %-20s %,12d units, %,14.1f expected%n",
          arm.variant(),
          arm.units(),
          arm.expected()));
    }
    out.append(String.format(
        Locale.ROOT, "  sample ratio p = %.4g%n%n", report.health().sampleRatioPValue()));
    out.append(String.format(
        Locale.ROOT,
        "  %-20s %-16s %12s %12s %12s %28s %10s  %s%n",
        "metric",
        "variant",
        "control",
        "variant",
        "difference",
        "interval",
        "p",
        "status"));
    for (MetricResult r : report.results()) {
      out.append(String.format(
          Locale.ROOT,
          "  %-20s %-16s %12s %12s %12s %28s %10s  %s%n",
          r.metric().name(),
          r.variant(),
          Numbers.value(r.control()),
          Numbers.value(r.treatment()),
          Numbers.signed(r.difference()),
          r.interval().map(Numbers::interval).orElse("–"),
          Numbers.pValue(r.adjustedPValue().isPresent() ? r.adjustedPValue() : r.pValue()),
          Words.status(r.status())));
      r.chanceToWin()
          .ifPresent(c -> out.append(String.format(
              Locale.ROOT,
              "    chance to win %.4f, expected loss %.4g; not protected against peeking%n",
              c,
              r.expectedLoss().orElseThrow())));
      r.refusal().ifPresent(x -> out.append("    ").append(x).append('\n'));
    }
    return out.toString().replace("\r\n", "\n");
  }
}
