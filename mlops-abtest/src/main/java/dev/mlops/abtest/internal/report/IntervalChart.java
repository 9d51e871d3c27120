package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.Metric;
import dev.mlops.abtest.MetricResult;
import dev.mlops.abtest.stats.Interval;
import java.util.List;

/** One row per result: the interval of the difference around 0, each row on its own scale. */
final class IntervalChart {
  private static final int WIDTH = 980;
  private static final int LEFT = 230;
  private static final int RIGHT = 190;
  private static final int ROW = 44;

  private IntervalChart() {}

  static String of(List<MetricResult> results) {
    Svg svg = new Svg(WIDTH, ROW * results.size() + 24, "Intervals of the differences");
    for (int i = 0; i < results.size(); i++) {
      row(svg, results.get(i), 4 + i * ROW + ROW / 2.0);
    }
    double y = ROW * results.size() + 18;
    double middle = LEFT + (WIDTH - LEFT - RIGHT) / 2.0;
    svg.text(middle, y, "middle", "no difference");
    svg.text(LEFT, y, "start", "variant lower");
    svg.text(WIDTH - RIGHT, y, "end", "variant higher");
    return svg.toString();
  }

  private static void row(Svg svg, MetricResult r, double y) {
    Interval interval = r.interval().orElseThrow();
    double margin = r.metric().role() instanceof Metric.Role.Guardrail g ? g.margin() : 0;
    double reach =
        1.1 * Math.max(margin, Math.max(Math.abs(interval.low()), Math.abs(interval.high())));
    double half = (WIDTH - LEFT - RIGHT) / 2.0;
    double middle = LEFT + half;
    double scale = half / (reach > 0 ? reach : 1);
    String colour = colour(r.status());
    svg.text(0, y + 4, "start", r.metric().name() + " · " + r.variant());
    svg.line(LEFT, y, WIDTH - RIGHT, y, "#eef0f3", 1, "");
    svg.line(middle, y - 16, middle, y + 16, "#8a94a3", 1, "");
    if (margin > 0) {
      double x = middle - r.metric().direction().sign() * margin * scale;
      svg.line(x, y - 16, x, y + 16, "#b3261e", 1.5, "4 3");
      svg.text(x, y - 10, x > middle ? "end" : "start", " margin ");
    }
    svg.line(
        middle + interval.low() * scale, y, middle + interval.high() * scale, y, colour, 4, "");
    svg.dot(middle + r.difference() * scale, y, 5.5, colour);
    svg.text(WIDTH - RIGHT + 14, y + 4, "start", Numbers.interval(interval));
  }

  static String colour(MetricResult.Status status) {
    return switch (status) {
      case BETTER, WITHIN_MARGIN -> "#1a7f4b";
      case WORSE, BEYOND_MARGIN -> "#b3261e";
      case OPEN -> "#b7791f";
      case INCONCLUSIVE, NOT_TESTED -> "#5b6676";
    };
  }
}
