package dev.mlops.drift.internal;

import dev.mlops.drift.Columns;
import dev.mlops.drift.DriftMonitor;
import dev.mlops.drift.DriftPolicy;
import dev.mlops.drift.DriftPolicy.Measure;
import dev.mlops.drift.DriftReport;
import dev.mlops.drift.DriftReport.Verdict;
import dev.mlops.drift.FeatureDrift;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One self-contained page: a summary, then a card per feature with findings and charts, the
 * severest first; features with nothing to say come last, in a denser grid.
 */
public final class HtmlReport {

  private static final String STYLE = """
      :root{--ink:#1b1f24;--dim:#5b6470;--line:#dfe3e8;--card:#fff;--page:#f6f7f9;--ref:#b8c0cc;--f:#66707d;--live:#d9480f;--ok:#2b8a3e;--warn:#9a6700;--bad:#c92a2a}
      @media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--dim:#9aa4b0;--line:#343a42;--card:#20242a;--page:#16191d;--ref:#4a525d;--f:#a3adb9;--live:#ff8a4c;--ok:#2f9e44;--warn:#b08800;--bad:#e03131}}
      *{box-sizing:border-box}body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--page);margin:0 auto;max-width:1180px;padding:1.6rem 1rem}
      h1{font-size:1.5rem;margin:0 0 .4rem}h2{font-size:1.05rem;margin:1.6rem 0 .6rem}h3{font-size:.98rem;margin:0 0 .2rem;overflow-wrap:anywhere}p{margin:.2rem 0}
      .dim{color:var(--dim);font-size:.86rem}.tag{display:inline-block;padding:0 .5rem;border-radius:1rem;color:#fff;font-size:.74rem;font-weight:600;vertical-align:.1em}
      .DRIFT,.NOT_COMPARABLE{background:var(--bad)}.WARNING{background:var(--warn)}.STABLE{background:var(--ok)}.INSUFFICIENT_DATA{background:#6c757d}
      .g{display:grid;gap:.8rem;grid-template-columns:repeat(auto-fill,minmax(340px,1fr))}.s{grid-template-columns:repeat(auto-fill,minmax(250px,1fr))}
      .c{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem .8rem}.c svg{width:100%;height:auto;display:block;margin-top:.4rem}
      i{font-style:normal;white-space:nowrap}a{color:inherit;margin-right:.5em}ul{margin:.3rem 0;padding-left:1.1rem}code{font-size:.9em}.k{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin:0 .3em 0 .8em}
      text{font-size:10px;fill:var(--dim)}.e{text-anchor:end}.r{fill:var(--ref)}.b{fill:var(--live)}.l{fill:none;stroke:var(--live);stroke-width:1.6}.f{fill:none;stroke:var(--f);stroke-width:1.6}.d{stroke:var(--bad);stroke-width:2;stroke-dasharray:3 2}.m{stroke:var(--dim);stroke-dasharray:2 3}
      """;

  private HtmlReport() {}

  public static String write(DriftReport report, List<DriftMonitor.Point> history) {
    StringBuilder page = new StringBuilder(4096 + 3000 * report.features().size());
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        .append("<title>Drift report</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>Drift report ")
        .append(tag(report.verdict()))
        .append("</h1>");
    summary(page, report);
    List<FeatureDrift> loud = new ArrayList<>();
    List<FeatureDrift> quiet = new ArrayList<>();
    for (FeatureDrift feature : report.features()) {
      (feature.verdict() == Verdict.STABLE ? quiet : loud).add(feature);
    }
    Comparator<FeatureDrift> byEffect =
        Comparator.comparingDouble(f -> -f.evidence().effect());
    loud.sort(Comparator.comparing((FeatureDrift f) -> rank(f.verdict())).thenComparing(byEffect));
    quiet.sort(byEffect);
    section(page, "Look at these", "g", loud, report, history);
    section(page, "Stable", "g s", quiet, report, history);
    return page.append("</body></html>\n").toString();
  }

  private static int rank(Verdict verdict) {
    return switch (verdict) {
      case DRIFT -> 0;
      case NOT_COMPARABLE -> 1;
      case WARNING -> 2;
      case INSUFFICIENT_DATA -> 3;
      case STABLE -> 4;
    };
  }

  private static void summary(StringBuilder page, DriftReport report) {
    Map<Verdict, Integer> counts = new LinkedHashMap<>();
    report.features().forEach(f -> counts.merge(f.verdict(), 1, Integer::sum));
    int drifted = report.driftedFeatures().size();
    page.append("<p><b>")
        .append(
            drifted == 0
                ? "No feature drifted"
                : drifted + " of " + report.features().size() + " features drifted")
        .append("</b>");
    counts.forEach((verdict, count) -> {
      if (verdict != Verdict.DRIFT) {
        page.append(" · ").append(count).append(' ').append(Texts.words(verdict));
      }
    });
    page.append("</p>");
    if (drifted > 0) {
      page.append("<p>");
      for (int i = 0; i < report.features().size(); i++) {
        FeatureDrift feature = report.features().get(i);
        if (feature.verdict() == Verdict.DRIFT) {
          page.append("<a href=\"#f")
              .append(i)
              .append("\">")
              .append(escape(feature.name()))
              .append("</a> ");
        }
      }
      page.append("</p>");
    }
    DriftPolicy policy = report.policy();
    page.append("<p class=\"dim\">")
        .append(Texts.format(
            "%,d live rows against %,d reference rows", report.liveRows(), report.referenceRows()))
        .append(" · policy <code>")
        .append(escape(policy.name()))
        .append("</code>: ")
        .append(rule(policy, Columns.Kind.NUMERIC))
        .append(", ")
        .append(rule(policy, Columns.Kind.CATEGORICAL))
        .append("; alpha ")
        .append(Texts.number(policy.alpha()))
        .append(", ")
        .append(Texts.words(policy.correction()))
        .append(", minimum effect ")
        .append(Texts.number(policy.minEffect()))
        .append(" · baseline <code>")
        .append(escape(report.baselineFingerprint().substring(0, 12)))
        .append(
            "</code></p><p class=\"dim\"><span class=\"k\" style=\"background:var(--ref);margin-left:0\"></span>reference")
        .append("<span class=\"k\" style=\"background:var(--live)\"></span>live")
        .append(
            "<span class=\"k\" style=\"background:var(--bad)\"></span>largest distance D of the cumulative shares; bins hold equal shares of the reference</p>");
  }

  private static String rule(DriftPolicy policy, Columns.Kind kind) {
    DriftPolicy.Rule rule = policy.rule(kind);
    return Texts.words(rule.test())
        + (rule.threshold().isPresent()
            ? " from " + Texts.number(rule.threshold().getAsDouble())
            : "");
  }

  private static void section(
      StringBuilder page,
      String title,
      String style,
      List<FeatureDrift> features,
      DriftReport report,
      List<DriftMonitor.Point> history) {
    if (features.isEmpty()) {
      return;
    }
    page.append("<h2>")
        .append(title)
        .append(" (")
        .append(features.size())
        .append(")</h2><div class=\"")
        .append(style)
        .append("\">");
    for (FeatureDrift feature : features) {
      card(page, feature, report, history);
    }
    page.append("</div>");
  }

  private static void card(
      StringBuilder page,
      FeatureDrift feature,
      DriftReport report,
      List<DriftMonitor.Point> history) {
    int at = report.features().indexOf(feature);
    page.append("<div class=\"c\" id=\"f")
        .append(at)
        .append("\"><h3>")
        .append(escape(feature.name()))
        .append(' ');
    if (feature.verdict() != Verdict.STABLE) {
      page.append(tag(feature.verdict()));
    }
    page.append("</h3>");
    if (!feature.bins().isEmpty()) {
      numbers(page, feature);
    }
    List<FeatureDrift.Finding> findings =
        feature.findings().stream().filter(f -> !repeatsTheNumbers(f)).toList();
    if (!findings.isEmpty()) {
      page.append("<ul>");
      findings.forEach(f -> page.append("<li>").append(escape(f.message())).append("</li>"));
      page.append("</ul>");
    }
    if (!feature.bins().isEmpty()) {
      if (feature.kind() == Columns.Kind.NUMERIC) {
        Charts.numeric(page, feature);
      } else {
        Charts.categorical(page, feature);
      }
    }
    double[] effects = history.stream()
        .filter(p -> at < p.effects().size())
        .mapToDouble(p -> p.effects().get(at))
        .toArray();
    if (effects.length > 1) {
      Charts.history(page, effects, report.policy().minEffect());
    }
    page.append("</div>");
  }

  /** A drift of the distribution says no more than the line of numbers does. */
  private static boolean repeatsTheNumbers(FeatureDrift.Finding finding) {
    return finding.cause() == FeatureDrift.Cause.DISTRIBUTION && finding.verdict() == Verdict.DRIFT;
  }

  private static void numbers(StringBuilder page, FeatureDrift feature) {
    FeatureDrift.Evidence e = feature.evidence();
    boolean interval = e.low() != e.high();
    page.append("<p class=\"dim\">")
        .append(Texts.words(e.test()))
        .append(" <i>")
        .append(
            interval
                ? Texts.number(e.low()) + " to " + Texts.number(e.high())
                : Texts.number(e.statistic()))
        .append("</i>");
    if (e.test() == Measure.KOLMOGOROV_SMIRNOV && e.location().isPresent()) {
      page.append(" at <i>").append(Texts.number(e.location().getAsDouble())).append("</i>");
    } else {
      page.append(" · effect <i>").append(Texts.number(e.effect())).append("</i>");
    }
    page.append(" · <i>adjusted p ").append(Texts.number(e.adjustedPValue())).append("</i>");
    if (feature.live().missing() + feature.reference().missing() > 0) {
      page.append(" · missing <i>")
          .append(Texts.percent(feature.reference().missingShare()))
          .append(" → ")
          .append(Texts.percent(feature.live().missingShare()))
          .append("</i>");
    }
    page.append("</p>");
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
