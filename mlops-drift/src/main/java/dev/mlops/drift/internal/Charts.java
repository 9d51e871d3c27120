package dev.mlops.drift.internal;

import dev.mlops.drift.FeatureDrift;
import java.util.List;
import java.util.Locale;

/**
 * Inline SVG of a few hundred bytes: the distributions of a feature, and its effect over windows.
 */
final class Charts {
  private static final int WIDTH = 320;
  private static final int SHARES = 56;
  private static final int GAP = 10;
  private static final int CURVES = 70;
  private static final int ROW = 17;
  private static final int LABELS = 112;
  private static final int MOST_CATEGORIES = 9;
  private static final int MOST_POINTS = 60;

  private Charts() {}

  /** Above: share per bin, reference filled and live outlined. Below: both curves and D. */
  static void numeric(StringBuilder page, FeatureDrift feature) {
    List<FeatureDrift.Bin> bins = feature.bins();
    int n = bins.size();
    double top = 1e-9;
    for (FeatureDrift.Bin bin : bins) {
      top = Math.max(top, Math.max(bin.referenceShare(), bin.liveShare()));
    }
    StringBuilder reference = new StringBuilder("M0 " + SHARES);
    StringBuilder live = new StringBuilder("M0 " + SHARES);
    StringBuilder f = new StringBuilder("M0 " + (SHARES + GAP + CURVES));
    StringBuilder g = new StringBuilder(f);
    double cumulativeF = 0;
    double cumulativeG = 0;
    double widest = -1;
    double markX = 0;
    double markF = 0;
    double markG = 0;
    for (int i = 0; i < n; i++) {
      FeatureDrift.Bin bin = bins.get(i);
      double right = (double) WIDTH * (i + 1) / n;
      step(reference, right, SHARES * (1 - bin.referenceShare() / top));
      step(live, right, SHARES * (1 - bin.liveShare() / top));
      cumulativeF += bin.referenceShare();
      cumulativeG += bin.liveShare();
      point(f, right, SHARES + GAP + CURVES * (1 - cumulativeF));
      point(g, right, SHARES + GAP + CURVES * (1 - cumulativeG));
      if (Math.abs(cumulativeF - cumulativeG) > widest) {
        widest = Math.abs(cumulativeF - cumulativeG);
        markX = right;
        markF = cumulativeF;
        markG = cumulativeG;
      }
    }
    int height = SHARES + GAP + CURVES;
    open(page, height + 14, "Share per bin and cumulative share, reference grey, live orange");
    page.append("<path class=\"r\" d=\"")
        .append(reference)
        .append('V')
        .append(SHARES)
        .append("Z\"/>");
    page.append("<path class=\"l\" d=\"")
        .append(live)
        .append('V')
        .append(SHARES)
        .append("\"/>");
    page.append("<path class=\"f\" d=\"").append(f).append("\"/>");
    page.append("<path class=\"l\" d=\"").append(g).append("\"/>");
    if (widest > 0.03) {
      double y1 = SHARES + GAP + CURVES * (1 - markF);
      double y2 = SHARES + GAP + CURVES * (1 - markG);
      page.append("<path class=\"d\" d=\"M")
          .append(tenth(markX))
          .append(' ')
          .append(tenth(y1))
          .append('V')
          .append(tenth(y2))
          .append("\"/>");
      boolean left = markX > WIDTH * 0.7;
      text(page, left ? markX - 4 : markX + 4, (y1 + y2) / 2 + 4, left ? "e" : "", "D");
    }
    text(page, 0, height + 11, "", label(bins.get(0)));
    text(page, WIDTH, height + 11, "e", label(bins.get(n - 1)));
    page.append("</svg>");
  }

  private static String label(FeatureDrift.Bin bin) {
    double upper = bin.upper().orElse(Double.NaN);
    return Double.isInfinite(upper) ? "above the reference" : "up to " + Texts.number(upper);
  }

  /** One row per category, reference above live. */
  static void categorical(StringBuilder page, FeatureDrift feature) {
    List<FeatureDrift.Bin> bins = feature.bins();
    int shown = Math.min(MOST_CATEGORIES, bins.size());
    double restReference = 0;
    double restLive = 0;
    for (FeatureDrift.Bin bin : bins.subList(shown, bins.size())) {
      restReference += bin.referenceShare();
      restLive += bin.liveShare();
    }
    int rows = shown + (bins.size() > shown ? 1 : 0);
    double top = Math.max(restReference, restLive);
    for (FeatureDrift.Bin bin : bins.subList(0, shown)) {
      top = Math.max(top, Math.max(bin.referenceShare(), bin.liveShare()));
    }
    open(page, rows * ROW, "Share per category, reference grey, live orange");
    StringBuilder reference = new StringBuilder();
    StringBuilder live = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      boolean rest = i == shown;
      bar(reference, i * ROW + 2, (rest ? restReference : bins.get(i).referenceShare()) / top);
      bar(live, i * ROW + 8, (rest ? restLive : bins.get(i).liveShare()) / top);
      String name = rest ? (bins.size() - shown) + " more" : bins.get(i).label();
      text(
          page,
          LABELS - 6,
          i * ROW + 12,
          "e",
          name.length() > 18 ? name.substring(0, 17) + "…" : name);
    }
    page.append("<path class=\"r\" d=\"").append(reference).append("\"/>");
    page.append("<path class=\"b\" d=\"").append(live).append("\"/></svg>");
  }

  private static void bar(StringBuilder path, double y, double share) {
    path.append('M')
        .append(LABELS)
        .append(' ')
        .append(tenth(y))
        .append('h')
        .append(tenth(share * (WIDTH - LABELS)))
        .append("v6H")
        .append(LABELS)
        .append('z');
  }

  /** Effect per window with the policy's minimum as a line; long histories keep their peaks. */
  static void history(StringBuilder page, double[] effects, double minimum) {
    int n = Math.min(MOST_POINTS, effects.length);
    double top = Math.max(0.05, minimum * 1.3);
    double[] peaks = new double[n];
    for (int i = 0; i < effects.length; i++) {
      int at = (int) ((long) i * n / effects.length);
      peaks[at] = Math.max(peaks[at], effects[i]);
      top = Math.max(top, effects[i]);
    }
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < n; i++) {
      double x = n == 1 ? WIDTH : (double) WIDTH * i / (n - 1);
      path.append(i == 0 ? "M" : "L")
          .append(tenth(x))
          .append(' ')
          .append(tenth(28 * (1 - peaks[i] / top)));
    }
    open(page, 42, "Effect over the last " + effects.length + " windows");
    if (minimum > 0) {
      page.append("<path class=\"m\" d=\"M0 ")
          .append(tenth(28 * (1 - minimum / top)))
          .append('H')
          .append(WIDTH)
          .append("\"/>");
    }
    page.append("<path class=\"l\" d=\"").append(path).append("\"/>");
    text(
        page,
        WIDTH,
        40,
        "e",
        "effect over the last " + effects.length + " windows; dotted: minimum");
    page.append("</svg>");
  }

  private static void open(StringBuilder page, int height, String title) {
    page.append("<svg viewBox=\"0 -2 ")
        .append(WIDTH)
        .append(' ')
        .append(height + 4)
        .append("\" role=\"img\" aria-label=\"")
        .append(title)
        .append("\">");
  }

  private static void step(StringBuilder path, double right, double y) {
    path.append('V').append(tenth(y)).append('H').append(tenth(right));
  }

  private static void point(StringBuilder path, double x, double y) {
    path.append('L').append(tenth(x)).append(' ').append(tenth(y));
  }

  private static void text(StringBuilder page, double x, double y, String style, String text) {
    page.append("<text x=\"")
        .append(tenth(x))
        .append("\" y=\"")
        .append(tenth(y))
        .append('"');
    if (!style.isEmpty()) {
      page.append(" class=\"").append(style).append('"');
    }
    page.append('>').append(HtmlReport.escape(text)).append("</text>");
  }

  private static String tenth(double v) {
    String text = String.format(Locale.ROOT, "%.1f", v);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
