package dev.mlops.registry.card.internal;

import dev.mlops.internal.Html;
import dev.mlops.registry.card.ConfusionTable;
import dev.mlops.registry.card.GroupLine;
import dev.mlops.registry.card.MetricLine;
import dev.mlops.registry.card.ModelCard;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A card as one HTML page. */
public final class CardHtml {
  private static final String STYLE = """
      :root{--ink:#1c2430;--soft:#5b6675;--line:#dde2e8;--wash:#f6f8fa;--main:#1f6feb;--bad:#c2410c}
      *{box-sizing:border-box}body{margin:0;background:#fff;color:var(--ink);
      font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
      main{max-width:940px;margin:0 auto;padding:28px 24px 48px}
      header{border-bottom:2px solid var(--ink);margin-bottom:20px;padding-bottom:12px}
      h1{font-size:27px;margin:0}header p{color:var(--soft);margin:2px 0 0}
      h2{font-size:18px;margin:30px 0 10px}h3{font-size:14px;margin:0 0 6px}
      .two{display:grid;grid-template-columns:1fr 1fr;gap:20px}
      .box{background:var(--wash);border:1px solid var(--line);border-radius:8px;padding:14px 16px}
      .box p{margin:0 0 8px}.box p:last-child{margin:0}
      .figure{border:1px solid var(--line);border-radius:8px;padding:12px 14px}
      table{border-collapse:collapse;width:100%}th,td{padding:6px 10px;text-align:left;
      border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--soft);font-weight:600;
      font-size:13px}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
      td.v{word-break:break-word}td.k{width:210px;color:var(--soft)}
      .note{color:var(--soft);font-size:13px;margin:6px 0 0}
      svg{display:block;width:100%;height:auto}svg text{font-size:12px;fill:var(--soft)}
      svg .axis{fill:var(--ink)}.grid{stroke:var(--line)}
      .curve{fill:none;stroke:var(--main);stroke-width:2.2;stroke-linejoin:round}
      .reference{fill:none;stroke:var(--soft);stroke-dasharray:4 4}.dot{fill:var(--main)}
      .bar{fill:var(--main)}.negative{fill:var(--bad)}
      .confusion td{text-align:center;border:2px solid #fff;padding:34px 8px;font-size:20px}
      .confusion th{border:0;text-align:center}.confusion .row{text-align:right;vertical-align:middle}
      .confusion small{display:block;font-size:12px;opacity:.85}
      .range{position:relative;height:10px;min-width:150px;margin-top:6px;background:var(--wash);
      border-radius:5px}.range i{position:absolute;height:10px;background:#9cc3fb;border-radius:5px}
      .range b{position:absolute;width:2px;height:14px;top:-2px;background:var(--ink)}
      @media(max-width:700px){.two{grid-template-columns:1fr}.w{display:none}td.k{width:130px}
      td.n{white-space:nowrap}main>table{display:block;overflow-x:auto}}
      @media print{main{padding:0}.figure,.box{break-inside:avoid}}
      """;

  private CardHtml() {}

  public static String write(ModelCard card, Optional<CardEvaluation> evaluation) {
    var out = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
        + "style-src 'unsafe-inline'\"><title>Model card: ");
    String title = Html.escape(CardText.title(card));
    out.append(title).append("</title><style>\n").append(STYLE);
    out.append("</style></head><body><main><header><h1>").append(title);
    out.append("</h1><p>Model card");
    card.registration()
        .ifPresent(found -> out.append(" · registered ")
            .append(CardText.time(found.at()))
            .append(" by ")
            .append(Html.escape(found.actor())));
    evaluation.ifPresent(e -> out.append(String.format(
        Locale.ROOT,
        " · tested on %,d rows, %,d positive (%.1f %%)",
        e.rows(),
        e.positives(),
        100.0 * e.positives() / e.rows())));
    out.append("</p></header><section class=\"two\">");
    box(out, "Intended use", card.intendedUse());
    box(out, "Limits", card.limits());
    out.append("</section>");
    metrics(out, card);
    evaluation.ifPresent(e -> charts(out, e, card.confusion()));
    if (evaluation.isEmpty()) {
      card.confusion()
          .ifPresent(table -> out.append("<h2>Confusion</h2><div class=\"figure\">")
              .append(confusion(table))
              .append("</div>"));
    }
    groups(out, card, evaluation.map(CardEvaluation::groupColumn).orElse(""));
    if (!card.importance().isEmpty()) {
      out.append("<h2>Feature importance</h2><div class=\"figure\">")
          .append(Charts.importance(card.importance()))
          .append("</div>");
      if (card.importance().size() > 15) {
        out.append("<p class=\"note\">The 15 largest of ")
            .append(card.importance().size())
            .append("; all are in the JSON form of this card.</p>");
      }
    }
    pairs(out, "Data", card.data());
    pairs(out, "Lineage", card.lineage());
    card.registration()
        .ifPresent(found -> pairs(out, "Registration", CardText.registration(found)));
    card.schema().ifPresent(schema -> {
      out.append("<h2>Signature</h2><table><tr><th>Column</th><th>Type</th></tr>");
      schema
          .features()
          .forEach(feature -> out.append("<tr><td class=\"k v\">")
              .append(Html.escape(feature.name()))
              .append("</td><td>")
              .append(CardText.describe(feature))
              .append("</td></tr>"));
      out.append("<tr><td class=\"k v\">")
          .append(Html.escape(schema.target().name()))
          .append("</td><td>target</td></tr></table>");
    });
    return out.append("</main></body></html>\n").toString();
  }

  private static void box(StringBuilder out, String title, String text) {
    out.append("<div class=\"box\"><h3>").append(title).append("</h3>");
    for (String paragraph : CardText.orNotStated(text).split("\\R\\s*\\R")) {
      out.append("<p>").append(Html.escape(paragraph.strip())).append("</p>");
    }
    out.append("</div>");
  }

  private static void metrics(StringBuilder out, ModelCard card) {
    if (card.metrics().isEmpty()) {
      return;
    }
    out.append("<h2>Metrics</h2><table><tr><th>Metric</th><th class=\"n\">Value</th>"
        + "<th class=\"n\">95 % interval</th><th class=\"w\">0 to 1</th><th>Interval by</th></tr>");
    for (MetricLine line : card.metrics()) {
      out.append("<tr><td>")
          .append(Html.escape(line.name()))
          .append("</td><td class=\"n\">")
          .append(CardText.number(line.value()))
          .append("</td><td class=\"n\">");
      if (line.hasInterval()) {
        out.append(CardText.number(line.low())).append(" – ").append(CardText.number(line.high()));
      }
      out.append("</td><td class=\"w\">")
          .append(range(line))
          .append("</td><td>")
          .append(Html.escape(line.method()))
          .append("</td></tr>");
    }
    out.append(
        "</table><p class=\"note\">Threshold 0.5 for accuracy, precision, recall and f1." + "</p>");
  }

  private static String range(MetricLine line) {
    if (!line.hasInterval() || line.low() < 0 || line.high() > 1) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "<div class=\"range\"><i style=\"left:%.1f%%;width:%.1f%%\"></i>"
            + "<b style=\"left:%.1f%%\"></b></div>",
        100 * line.low(),
        Math.max(0.5, 100 * (line.high() - line.low())),
        100 * line.value());
  }

  private static void charts(
      StringBuilder out, CardEvaluation e, Optional<ConfusionTable> confusion) {
    double share = (double) e.positives() / e.rows();
    out.append("<h2>Performance on the test rows</h2><section class=\"two\">");
    figure(
        out,
        "ROC curve",
        Charts.unit(
            "ROC curve",
            "false positive rate",
            "true positive rate",
            e.roc(),
            new double[][] {{0, 0}, {1, 1}},
            false),
        "Dashed: guessing.");
    figure(
        out,
        "Precision and recall",
        Charts.unit(
            "Precision and recall",
            "recall",
            "precision",
            e.precisionRecall(),
            new double[][] {{0, share}, {1, share}},
            false),
        "Dashed: guessing, at the share of positives.");
    figure(
        out,
        "Calibration",
        Charts.unit(
            "Calibration",
            "mean score",
            "share of positives",
            e.calibration(),
            new double[][] {{0, 0}, {1, 1}},
            true),
        "Ten bins of equal width; dashed: perfectly calibrated.");
    confusion.ifPresent(table -> figure(
        out, "Confusion", confusion(table), "Rows: truth. Columns: prediction at threshold 0.5."));
    out.append("</section>");
  }

  private static void figure(StringBuilder out, String title, String content, String note) {
    out.append("<div class=\"figure\"><h3>")
        .append(title)
        .append("</h3>")
        .append(content)
        .append("<p class=\"note\">")
        .append(note)
        .append("</p></div>");
  }

  private static String confusion(ConfusionTable table) {
    var out = new StringBuilder("<table class=\"confusion\"><tr><th></th>");
    table.classes().forEach(c -> out.append("<th>").append(Html.escape(c)).append("</th>"));
    out.append("</tr>");
    for (int i = 0; i < table.classes().size(); i++) {
      out.append("<tr><th class=\"row\">")
          .append(Html.escape(table.classes().get(i)))
          .append("</th>");
      double sum = table.counts().get(i).stream().mapToLong(Long::longValue).sum();
      for (int j = 0; j < table.classes().size(); j++) {
        long count = table.counts().get(i).get(j);
        double share = sum > 0 ? count / sum : 0;
        out.append(String.format(
            Locale.ROOT,
            "<td style=\"background:rgba(%s,%.2f)\">%,d<small>%.1f %%</small></td>",
            i == j ? "31,111,235" : "194,65,12",
            0.08 + 0.42 * share,
            count,
            100 * share));
      }
      out.append("</tr>");
    }
    return out.append("</table>").toString();
  }

  private static void groups(StringBuilder out, ModelCard card, String column) {
    if (card.groups().isEmpty()) {
      return;
    }
    out.append("<h2>By ")
        .append(Html.escape(column))
        .append("</h2><table><tr><th>Group</th>"
            + "<th class=\"n\">Rows</th><th class=\"n\">Positives</th>");
    card.groups()
        .get(0)
        .metrics()
        .keySet()
        .forEach(
            name -> out.append("<th class=\"n\">").append(Html.escape(name)).append("</th>"));
    out.append("</tr>");
    for (GroupLine line : card.groups()) {
      out.append("<tr><td>")
          .append(Html.escape(line.group()))
          .append("</td><td class=\"n\">")
          .append(line.rows())
          .append("</td><td class=\"n\">")
          .append(line.positives())
          .append("</td>");
      line.metrics()
          .values()
          .forEach(value ->
              out.append("<td class=\"n\">").append(CardText.number(value)).append("</td>"));
      out.append("</tr>");
    }
    out.append("</table>");
  }

  private static void pairs(StringBuilder out, String title, Map<String, String> values) {
    if (values.isEmpty()) {
      return;
    }
    out.append("<h2>").append(title).append("</h2><table>");
    values.forEach((name, value) -> out.append("<tr><td class=\"k\">")
        .append(Html.escape(name))
        .append("</td><td class=\"v\">")
        .append(Html.escape(value))
        .append("</td></tr>"));
    out.append("</table>");
  }
}
