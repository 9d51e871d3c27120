package dev.mlops.registry.card.internal;

import dev.mlops.internal.Html;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Charts as SVG, coloured by the page's style. */
final class Charts {
  private static final int SIZE = 260;
  private static final int LEFT = 58;
  private static final int TOP = 12;
  private static final int BARS = 15;

  private Charts() {}

  /** A curve in the unit square; {@code reference} is drawn dashed. */
  static String unit(
      String title, String x, String y, List<double[]> points, double[][] reference, boolean dots) {
    var svg = new StringBuilder(frame(title, x, y));
    svg.append("<polyline class=\"reference\" points=\"");
    for (double[] point : reference) {
      svg.append(at(point)).append(' ');
    }
    svg.append("\"/><polyline class=\"curve\" points=\"");
    points.forEach(point -> svg.append(at(point)).append(' '));
    svg.append("\"/>");
    if (dots) {
      for (double[] point : points) {
        svg.append(String.format(
            Locale.ROOT,
            "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>mean score %.3f, share of"
                + " positives %.3f, %d rows</title></circle>",
            LEFT + point[0] * SIZE,
            TOP + (1 - point[1]) * SIZE,
            point[0],
            point[1],
            (long) point[2]));
      }
    }
    return svg.append("</svg>").toString();
  }

  private static String at(double[] point) {
    return String.format(
        Locale.ROOT, "%.1f,%.1f", LEFT + point[0] * SIZE, TOP + (1 - point[1]) * SIZE);
  }

  private static String frame(String title, String x, String y) {
    var svg = new StringBuilder();
    int width = LEFT + SIZE + 14;
    int height = TOP + SIZE + 44;
    svg.append("<svg viewBox=\"0 0 ")
        .append(width)
        .append(' ')
        .append(height)
        .append("\" role=\"img\" aria-label=\"")
        .append(Html.escape(title))
        .append("\">");
    for (int i = 0; i <= 4; i++) {
      int px = LEFT + i * SIZE / 4;
      int py = TOP + SIZE - i * SIZE / 4;
      String value = i == 0 ? "0" : i == 4 ? "1" : String.format(Locale.ROOT, "%.2f", i / 4.0);
      svg.append("<line class=\"grid\" x1=\"" + px + "\" y1=\"" + TOP + "\" x2=\"" + px + "\" y2=\""
          + (TOP + SIZE) + "\"/>");
      svg.append("<line class=\"grid\" x1=\"" + LEFT + "\" y1=\"" + py + "\" x2=\"" + (LEFT + SIZE)
          + "\" y2=\"" + py + "\"/>");
      svg.append("<text x=\"" + px + "\" y=\"" + (TOP + SIZE + 16) + "\" text-anchor=\"middle\">"
          + value + "</text>");
      svg.append("<text x=\"" + (LEFT - 6) + "\" y=\"" + (py + 4) + "\" text-anchor=\"end\">"
          + value + "</text>");
    }
    svg.append("<text class=\"axis\" x=\"" + (LEFT + SIZE / 2) + "\" y=\"" + (TOP + SIZE + 36)
        + "\" text-anchor=\"middle\">" + Html.escape(x) + "</text>");
    svg.append("<text class=\"axis\" transform=\"translate(12 " + (TOP + SIZE / 2)
        + ") rotate(-90)\" text-anchor=\"middle\">" + Html.escape(y) + "</text>");
    return svg.toString();
  }

  /** The most important features as bars, by size. */
  static String importance(Map<String, Double> importance) {
    List<Map.Entry<String, Double>> top = importance.entrySet().stream()
        .filter(entry -> Double.isFinite(entry.getValue()))
        .sorted(Comparator.comparingDouble(
            (Map.Entry<String, Double> entry) -> -Math.abs(entry.getValue())))
        .limit(BARS)
        .toList();
    double largest =
        top.stream().mapToDouble(entry -> Math.abs(entry.getValue())).max().orElse(0);
    int row = 24;
    var svg = new StringBuilder("<svg class=\"wide\" viewBox=\"0 0 720 " + (top.size() * row + 4)
        + "\" role=\"img\" aria-label=\"Feature importance\">");
    int y = 2;
    for (Map.Entry<String, Double> entry : top) {
      double length = largest > 0 ? Math.abs(entry.getValue()) / largest * 400 : 0;
      String name = entry.getKey();
      String shown = CardText.cut(name, 32);
      svg.append(String.format(
          Locale.ROOT,
          "<text x=\"218\" y=\"%d\" text-anchor=\"end\">%s<title>%s</title></text>"
              + "<rect class=\"%s\" x=\"226\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"2\"/>"
              + "<text x=\"%.1f\" y=\"%d\">%s</text>",
          y + 15,
          Html.escape(shown),
          Html.escape(CardText.cut(name, 200)),
          entry.getValue() < 0 ? "bar negative" : "bar",
          y + 3,
          length,
          232 + length,
          y + 15,
          CardText.number(entry.getValue())));
      y += row;
    }
    return svg.append("</svg>").toString();
  }
}
