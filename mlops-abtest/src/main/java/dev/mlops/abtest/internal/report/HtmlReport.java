package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.AnalysisPlan;
import dev.mlops.abtest.AnalysisReport;
import dev.mlops.abtest.Health;
import dev.mlops.abtest.Metric;
import dev.mlops.abtest.MetricResult;
import dev.mlops.abtest.Verdict;
import java.util.List;
import java.util.OptionalDouble;

/** The report as one HTML file: inline style, inline SVG, no script, nothing loaded. */
public final class HtmlReport {
  private static final String STYLE = """
      :root { color-scheme: light; }
      body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; background: #f5f6f8; margin: 0; }
      main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 48px; }
      h1 { font-size: 24px; margin: 0 0 2px; } h2 { font-size: 17px; margin: 0 0 12px; }
      p.sub { color: #5b6676; margin: 0 0 18px; }
      section { background: #fff; border: 1px solid #dfe3e8; border-radius: 8px; padding: 18px 20px;
        margin: 0 0 18px; overflow-x: auto; }
      .verdict { border-left: 6px solid #8a94a3; } .verdict strong { font-size: 18px; }
      .ship { border-left-color: #1a7f4b; } .keep { border-left-color: #5b6676; }
      .wait { border-left-color: #b7791f; } .stop { border-left-color: #b3261e; }
      table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
      th { text-align: right; font-weight: 600; color: #5b6676; border-bottom: 1px solid #dfe3e8; }
      td { text-align: right; border-bottom: 1px solid #eef0f3; }
      th, td { padding: 6px 7px; font-size: 13.5px; white-space: nowrap; }
      th:first-child, td:first-child, td.l, th.l { text-align: left; }
      .tag { border-radius: 10px; padding: 1px 9px; font-size: 13px; background: #eceff3; }
      .good { background: #d9f0e3; color: #145c37; } .bad { background: #f9dedc; color: #8c1d18; }
      .open { background: #fbeccb; color: #7a4d0b; }
      p.note { color: #5b6676; font-size: 13px; margin: 10px 0 0; }
      svg { display: block; max-width: 100%; height: auto; } svg text { font-size: 12px; fill: #5b6676; }
      """;

  private HtmlReport() {}

  public static String of(AnalysisReport report) {
    StringBuilder out = new StringBuilder();
    String title = escape(report.experiment().key());
    out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>");
    out.append(title).append("</title>\n<style>\n").append(STYLE).append("</style></head>\n");
    out.append("<body><main>\n<h1>").append(title).append("</h1>\n<p class=\"sub\">");
    out.append("Epoch ").append(report.experiment().epoch()).append(" · plan: ");
    out.append(escape(Words.design(report.plan())));
    out.append(" · α = ").append(report.plan().alpha()).append("</p>\n");
    verdict(out, report.verdict());
    results(out, report);
    intervals(out, report.results());
    looks(out, report);
    health(out, report);
    return out.append("</main></body></html>\n").toString();
  }

  private static void verdict(StringBuilder out, Verdict verdict) {
    String css = switch (Words.verdict(verdict)) {
      case "SHIP_WINNER" -> "ship";
      case "KEEP_CONTROL" -> "keep";
      case "NOT_YET" -> "wait";
      default -> "stop";
    };
    out.append("<section class=\"verdict ").append(css).append("\"><strong>");
    out.append(escape(verdict.summary())).append("</strong></section>\n");
  }

  private static void results(StringBuilder out, AnalysisReport report) {
    boolean bayes = report.plan().design() instanceof AnalysisPlan.Design.Bayes;
    out.append("<section><h2>Metrics</h2><table><tr><th>Metric</th><th class=\"l\">Role</th>");
    out.append("<th class=\"l\">Variant</th><th>Control</th><th>Variant</th><th>Difference</th>");
    out.append("<th>Interval</th><th>Relative</th><th>").append(bayes ? "Chance to win" : "p");
    out.append("</th><th class=\"l\">Result</th></tr>\n");
    for (MetricResult r : report.results()) {
      row(out, r, bayes);
    }
    out.append("</table><p class=\"note\">").append(note(report)).append("</p></section>\n");
  }

  private static void row(StringBuilder out, MetricResult r, boolean bayes) {
    out.append("<tr><td title=\"").append(escape(r.method())).append("\">");
    out.append(escape(r.metric().name())).append("</td><td class=\"l\">");
    out.append(escape(Words.role(r.metric()))).append("</td><td class=\"l\">");
    out.append(escape(r.variant())).append("</td><td>").append(Numbers.value(r.control()));
    out.append("</td><td>").append(Numbers.value(r.treatment())).append("</td><td>");
    out.append(Numbers.signed(r.difference())).append("</td><td>");
    out.append(r.interval().map(Numbers::interval).orElse("–")).append("</td><td>");
    out.append(r.relativeLift().map(Numbers::percents).orElse("–")).append("</td><td>");
    OptionalDouble p = r.adjustedPValue().isPresent() ? r.adjustedPValue() : r.pValue();
    out.append(Numbers.pValue(bayes ? r.chanceToWin() : p)).append("</td><td class=\"l\">");
    out.append("<span class=\"tag ").append(css(r.status())).append("\">");
    out.append(Words.status(r.status())).append("</span>");
    r.refusal().ifPresent(x -> out.append(" ").append(Words.reason(x)));
    out.append("</td></tr>\n");
  }

  private static String note(AnalysisReport report) {
    if (report.plan().design() instanceof AnalysisPlan.Design.Bayes) {
      return "Intervals are credible intervals. Neither they nor the chance to win are protected"
          + " against peeking.";
    }
    String level = "Intervals at " + Numbers.plain(100 * (1 - report.plan().alpha())) + " %. ";
    String correction =
        report.plan().correction() == AnalysisPlan.Correction.HOLM ? "Holm" : "Benjamini–Hochberg";
    boolean safe = report.results().stream().allMatch(MetricResult::peekSafe);
    return level
        + "p-values of goals are corrected by "
        + correction
        + ". Guardrails are judged one-sided against their margin. "
        + (safe
            ? "They hold at every look the plan allows."
            : "They hold for one look at the planned size only.");
  }

  private static String css(MetricResult.Status status) {
    return switch (status) {
      case BETTER, WITHIN_MARGIN -> "good";
      case WORSE, BEYOND_MARGIN -> "bad";
      case OPEN -> "open";
      case INCONCLUSIVE, NOT_TESTED -> "";
    };
  }

  private static void intervals(StringBuilder out, List<MetricResult> results) {
    List<MetricResult> shown =
        results.stream().filter(r -> r.interval().isPresent()).toList();
    if (shown.isEmpty()) {
      return;
    }
    out.append("<section><h2>Intervals</h2>\n");
    out.append(IntervalChart.of(shown));
    out.append("</section>\n");
  }

  private static void looks(StringBuilder out, AnalysisReport report) {
    if (report.history().looks().size() < 2) {
      return;
    }
    for (MetricResult r : report.results()) {
      String chart = LookChart.of(report.history(), r, plannedUnits(report.plan()));
      if (r.metric().role() instanceof Metric.Role.Goal && !chart.isEmpty()) {
        out.append("<section><h2>").append(escape(r.metric().name())).append(" of ");
        out.append(escape(r.variant())).append(" over time</h2>\n").append(chart);
        out.append(
            "<p class=\"note\">Bars are the interval at each look; the dashed lines are the");
        out.append(
            " stopping boundary: a dot outside them excludes 'no difference'.</p></section>\n");
      }
    }
  }

  private static long plannedUnits(AnalysisPlan plan) {
    if (plan.design() instanceof AnalysisPlan.Design.GroupSequential group) {
      return group.plannedUnits();
    }
    return plan.design() instanceof AnalysisPlan.Design.AlwaysValid open
        ? open.maximumUnits().orElse(0)
        : 0;
  }

  private static void health(StringBuilder out, AnalysisReport report) {
    Health health = report.health();
    out.append("<section><h2>Sample ratio</h2>\n").append(RatioChart.of(health));
    out.append("<p class=\"note\">The mark is what the weights promise. Chi-squared p ");
    out.append(Numbers.pValue(OptionalDouble.of(health.sampleRatioPValue())));
    out.append(", sequential p ");
    out.append(Numbers.pValue(OptionalDouble.of(health.sequentialSampleRatioPValue())));
    out.append("; alarm below ").append(report.plan().sampleRatioAlpha());
    out.append(". Units seen in several variants: ");
    out.append(Numbers.count(health.multipleExposures())).append(".</p></section>\n");
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
