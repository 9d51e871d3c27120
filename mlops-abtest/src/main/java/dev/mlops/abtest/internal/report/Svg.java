package dev.mlops.abtest.internal.report;

import java.util.Locale;

/** The few SVG shapes the charts use. */
final class Svg {
  private final StringBuilder out = new StringBuilder();

  Svg(int width, int height, String label) {
    out.append("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n"
        .formatted(width, height, HtmlReport.escape(label)));
  }

  Svg line(double x1, double y1, double x2, double y2, String colour, double width, String dash) {
    out.append(String.format(
        Locale.ROOT,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
            + " stroke-width=\"%.1f\"%s/>%n",
        x1,
        y1,
        x2,
        y2,
        colour,
        width,
        dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\""));
    return this;
  }

  Svg dot(double x, double y, double radius, String colour) {
    out.append(String.format(
        Locale.ROOT,
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>%n",
        x,
        y,
        radius,
        colour));
    return this;
  }

  Svg rect(double x, double y, double width, double height, String colour) {
    out.append(String.format(
        Locale.ROOT,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
        x,
        y,
        width,
        height,
        colour));
    return this;
  }

  Svg polygon(String points, String colour) {
    out.append("<polygon points=\"%s\" fill=\"%s\"/>%n".formatted(points, colour));
    return this;
  }

  Svg polyline(String points, String colour, double width, String dash) {
    out.append(String.format(
        Locale.ROOT,
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>%n",
        points,
        colour,
        width,
        dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\""));
    return this;
  }

  Svg text(double x, double y, String anchor, String text) {
    out.append(String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
        x,
        y,
        anchor,
        HtmlReport.escape(text)));
    return this;
  }

  static String point(double x, double y) {
    return String.format(Locale.ROOT, "%.1f,%.1f ", x, y);
  }

  @Override
  public String toString() {
    return out + "</svg>\n";
  }
}
