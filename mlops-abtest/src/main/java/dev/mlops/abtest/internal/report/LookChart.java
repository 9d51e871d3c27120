package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.LookHistory;
import dev.mlops.abtest.MetricResult;
import dev.mlops.abtest.stats.Interval;
import java.util.ArrayList;
import java.util.List;

/*
 * The interval of one metric over the looks. The dashed lines are the stopping boundary: how large the
 * difference had to be at that look to exclude 0, which is the interval's half-width around 0. The dot
 * leaves the dashed band exactly when the interval excludes 0. A look whose interval was withheld shows
 * its estimate as a small grey dot.
 */
/** The cumulative interval over time with the stopping boundary. */
final class LookChart {
  private static final int WIDTH = 980;
  private static final int HEIGHT = 260;
  private static final int LEFT = 90;
  private static final int RIGHT = 30;
  private static final int TOP = 16;
  private static final int BOTTOM = 34;

  private record Dot(long units, double difference, Interval interval) {}

  private record Estimate(long units, double difference) {}

  private final List<Dot> dots;
  private final List<Estimate> withheld;
  private final long lastUnits;
  private final double reach;

  private LookChart(List<Dot> dots, List<Estimate> withheld, long lastUnits) {
    this.dots = dots;
    this.withheld = withheld;
    this.lastUnits = lastUnits;
    double largest = 0;
    for (Dot d : dots) {
      double half = d.interval().width() / 2;
      largest = Math.max(largest, Math.max(half, Math.abs(d.difference()) + half));
    }
    // Early looks are very wide; the chart follows the later ones and clips.
    Dot end = dots.get(dots.size() - 1);
    double late = Math.abs(end.difference()) + end.interval().width();
    this.reach = Math.min(largest, 3 * late) * 1.05;
  }

  static String of(LookHistory history, MetricResult result, long plannedUnits) {
    List<Dot> dots = new ArrayList<>();
    List<Estimate> withheld = new ArrayList<>();
    for (LookHistory.Look look : history.looks()) {
      for (LookHistory.Point p : look.points()) {
        boolean same =
            p.metric().equals(result.metric().name()) && p.variant().equals(result.variant());
        if (same && p.interval().isPresent()) {
          dots.add(new Dot(look.units(), p.difference(), p.interval().get()));
        } else if (same) {
          withheld.add(new Estimate(look.units(), p.difference()));
        }
      }
    }
    if (dots.isEmpty()) {
      return "";
    }
    long end = history.looks().get(history.looks().size() - 1).units();
    return new LookChart(dots, withheld, Math.max(plannedUnits, end)).draw(result);
  }

  private String draw(MetricResult result) {
    String label =
        "Interval of " + result.metric().name() + " of " + result.variant() + " over the looks";
    Svg svg = new Svg(WIDTH, HEIGHT, label);
    for (double share : new double[] {-1, -0.5, 0, 0.5, 1}) {
      double value = share * step();
      double y = y(value);
      svg.line(LEFT, y, WIDTH - RIGHT, y, value == 0 ? "#8a94a3" : "#eef0f3", 1, "");
      svg.text(LEFT - 10, y + 4, "end", Numbers.signed(value));
    }
    for (int i = 0; i <= 4; i++) {
      long units = lastUnits * i / 4;
      svg.text(x(units), HEIGHT - 10, i == 4 ? "end" : "middle", Numbers.count(units) + " units");
    }
    StringBuilder upper = new StringBuilder();
    StringBuilder lower = new StringBuilder();
    for (Dot d : dots) {
      double half = d.interval().width() / 2;
      upper.append(Svg.point(x(d.units()), y(half)));
      lower.append(Svg.point(x(d.units()), y(-half)));
    }
    svg.polyline(upper.toString(), "#b3261e", 1.5, "5 4");
    svg.polyline(lower.toString(), "#b3261e", 1.5, "5 4");
    for (Estimate e : withheld) {
      svg.dot(x(e.units()), y(e.difference()), 2.5, "#8a94a3");
    }
    String colour = IntervalChart.colour(result.status());
    for (Dot d : dots) {
      double x = x(d.units());
      svg.line(x, y(d.interval().low()), x, y(d.interval().high()), colour, 3, "");
      svg.dot(x, y(d.difference()), 4.5, colour);
    }
    return svg.toString();
  }

  /** A round value that keeps the outer grid lines inside the chart. */
  private double step() {
    double power = Math.pow(10, Math.floor(Math.log10(reach)));
    double lead = reach / power;
    return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power;
  }

  private double x(long units) {
    return LEFT + (double) units / lastUnits * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    double clipped = Math.max(-reach, Math.min(reach, value));
    double middle = TOP + (HEIGHT - TOP - BOTTOM) / 2.0;
    return middle - clipped / reach * (HEIGHT - TOP - BOTTOM) / 2.0;
  }
}
