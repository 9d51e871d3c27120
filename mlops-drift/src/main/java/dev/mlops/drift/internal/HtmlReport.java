package dev.mlops.drift.internal;

import dev.mlops.drift.DriftReport;
import dev.mlops.drift.FeatureDrift;
import dev.mlops.drift.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** One self-contained page: a summary, then per feature the two distributions and the findings. */
public final class HtmlReport {
  private static final int WIDTH = 300;
  private static final int HEIGHT = 90;

  private static final String STYLE = """
      :root{--ink:#1b1f24;--dim:#667;--line:#dde;--ref:#7a869a;--live:#d9480f;--ok:#2b8a3e;--warn:#b7791f;--bad:#c92a2a}
      body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);margin:2rem auto;max-width:1080px;padding:0 1rem}
      h1{font-size:1.5rem;margin:0 0 .3rem}p{margin:.3rem 0}.dim{color:var(--dim)}
      .tag{display:inline-block;padding:.05rem .5rem;border-radius:1rem;color:#fff;font-size:.78rem;font-weight:600}
      .DRIFT,.NOT_COMPARABLE{background:var(--bad)}.WARNING{background:var(--warn)}.STABLE{background:var(--ok)}.INSUFFICIENT_DATA{background:var(--dim)}
      section{display:grid;grid-template-columns:1fr 320px;gap:1rem;border-top:1px solid var(--line);padding:.8rem 0}
      section h2{font-size:1rem;margin:0 0 .2rem}svg{width:300px;height:auto}
      ul{margin:.3rem 0;padding-left:1.1rem}code{font-size:.85em}
      @media(max-width:700px){section{grid-template-columns:1fr}}
      """;

  private HtmlReport() {}

  public static String write(DriftReport report) {
    StringBuilder page = new StringBuilder(16_384);
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append(
            "<meta name=\"viewport\" content=\"width=device-width\"><title>Drift report</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>Drift report ")
        .append(tag(report.verdict()))
        .append("</h1><p>")
        .append(summary(report))
        .append("</p><p class=\"dim\">")
        .append(String.format(
            Locale.ROOT,
            "%,d live rows against %,d reference rows",
            report.liveRows(),
            report.referenceRows()))
        .append(" &middot; policy <code>")
        .append(escape(report.policy().name()))
        .append("</code>, &alpha; ")
        .append(report.policy().alpha())
        .append(", ")
        .append(Texts.words(report.policy().correction()))
        .append(", minimum effect ")
        .append(report.policy().minEffect())
        .append(" &middot; baseline <code>")
        .append(escape(report.baselineFingerprint().substring(0, 12)))
        .append("</code></p>");
    List<FeatureDrift> ordered = report.features().stream()
        .sorted(Comparator.comparing((FeatureDrift f) -> f.verdict() == Verdict.STABLE)
            .thenComparing(f -> -f.evidence().effect()))
        .toList();
    for (FeatureDrift feature : ordered) {
      section(page, feature);
    }
    return page.append("</body></html>\n").toString();
  }

  private static String summary(DriftReport report) {
    List<String> drifted = report.driftedFeatures();
    if (drifted.isEmpty()) {
      return "No feature drifted.";
    }
    return drifted.size()
        + " of "
        + report.features().size()
        + " features drifted: <b>"
        + escape(String.join(", ", drifted))
        + "</b>";
  }

  private static void section(StringBuilder page, FeatureDrift feature) {
    FeatureDrift.Evidence e = feature.evidence();
    page.append("<section><div><h2>")
        .append(escape(feature.name()))
        .append(' ')
        .append(tag(feature.verdict()))
        .append("</h2><p class=\"dim\">")
        .append(Texts.words(e.test()))
        .append(' ')
        .append(Texts.number(e.statistic()))
        .append(" &middot; p ")
        .append(Texts.number(e.pValue()))
        .append(" &middot; adjusted ")
        .append(Texts.number(e.adjustedPValue()))
        .append(" &middot; effect ")
        .append(Texts.number(e.effect()))
        .append("</p><ul>");
    for (FeatureDrift.Finding finding : feature.findings()) {
      page.append("<li>").append(escape(finding.message())).append("</li>");
    }
    page.append("</ul></div><div>");
    if (!feature.bins().isEmpty()) {
      chart(page, feature);
    }
    page.append("</div></section>");
  }

  private static void chart(StringBuilder page, FeatureDrift feature) {
    List<FeatureDrift.Bin> bins = feature.bins();
    double top = bins.stream()
        .mapToDouble(b -> Math.max(b.referenceShare(), b.liveShare()))
        .max()
        .orElse(1);
    double step = (double) WIDTH / bins.size();
    page.append("<svg viewBox=\"0 0 ")
        .append(WIDTH)
        .append(' ')
        .append(HEIGHT)
        .append("\" role=\"img\">");
    page.append("<title>share per bin: reference grey, live orange</title>");
    for (int i = 0; i < bins.size(); i++) {
      bar(page, i * step + 1, step * 0.45, bins.get(i).referenceShare() / top, "#7a869a");
      bar(page, i * step + step * 0.48, step * 0.45, bins.get(i).liveShare() / top, "#d9480f");
    }
    page.append("</svg>");
  }

  private static void bar(
      StringBuilder page, double x, double width, double height, String colour) {
    double h = height * (HEIGHT - 4);
    page.append(String.format(
        Locale.ROOT,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
        x,
        HEIGHT - h,
        width,
        h,
        colour));
  }

  private static String tag(Verdict verdict) {
    return "<span class=\"tag " + verdict + "\">" + Texts.words(verdict) + "</span>";
  }

  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '?' : c);
      }
    }
    return out.toString();
  }
}
