package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.Metric;
import dev.mlops.abtest.MetricResult;
import dev.mlops.abtest.stats.Interval;
import java.util.List;
import java.util.Locale;

/** One row per result: the interval of the difference around 0, each row on its own scale. */
final class IntervalChart {
  private static final int WIDTH = 980;
  private static final int LEFT = 230;
  private static final int RIGHT = 150;
  private static final int ROW = 40;

  private IntervalChart() {}

  static String of(List<MetricResult> results) {
    StringBuilder svg = new StringBuilder();
    int height = ROW * results.size() + 8;
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Intervals of the differences\">\n"
            .formatted(WIDTH, height));
    for (int i = 0; i < results.size(); i++) {
      row(svg, results.get(i), 4 + i * ROW + ROW / 2.0);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void row(StringBuilder svg, MetricResult r, double y) {
    Interval interval = r.interval().orElseThrow();
    double margin = r.metric().role() instanceof Metric.Role.Guardrail g ? g.margin() : 0;
    double reach =
        1.1 * Math.max(margin, Math.max(Math.abs(interval.low()), Math.abs(interval.high())));
    double middle = LEFT + (WIDTH - LEFT - RIGHT) / 2.0;
    double scale = (WIDTH - LEFT - RIGHT) / 2.0 / (reach > 0 ? reach : 1);
    String colour = switch (r.status()) {
      case BETTER, WITHIN_MARGIN -> "#1a7f4b";
      case WORSE, BEYOND_MARGIN -> "#b3261e";
      case OPEN -> "#b7791f";
      case INCONCLUSIVE, NOT_TESTED -> "#5b6676";
    };
    svg.append(text(0, y + 4, "start", r.metric().name() + " · " + r.variant()));
    svg.append(line(LEFT, y, WIDTH - RIGHT, y, "#eef0f3", 1, ""));
    svg.append(line(middle, y - 14, middle, y + 14, "#8a94a3", 1, ""));
    if (margin > 0) {
      double x = middle - r.metric().direction().sign() * margin * scale;
      svg.append(line(x, y - 14, x, y + 14, "#b3261e", 1.5, "4 3"));
    }
    double low = middle + interval.low() * scale;
    double high = middle + interval.high() * scale;
    svg.append(line(low, y, high, y, colour, 4, ""));
    svg.append(String.format(
        Locale.ROOT,
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5.5\" fill=\"%s\"/>%n",
        middle + r.difference() * scale,
        y,
        colour));
    svg.append(text(WIDTH - RIGHT + 12, y + 4, "start", Numbers.interval(interval)));
  }

  private static String line(
      double x1, double y1, double x2, double y2, String colour, double width, String dash) {
    return String.format(
        Locale.ROOT,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\""
            + " stroke-dasharray=\"%s\"/>%n",
        x1,
        y1,
        x2,
        y2,
        colour,
        width,
        dash);
  }

  private static String text(double x, double y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
        x,
        y,
        anchor,
        HtmlReport.escape(text));
  }
}
