package dev.mlops.registry.card.internal;

import dev.mlops.internal.Html;
import dev.mlops.registry.card.ConfusionTable;
import dev.mlops.registry.card.GroupLine;
import dev.mlops.registry.card.MetricLine;
import dev.mlops.registry.card.ModelCard;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

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

  private static final int MAX_BYTES = 300_000;
  /** How much of long lists and texts is shown: as much as fits. */
  private static final List<CardHtml> SIZES =
      List.of(new CardHtml(100, 2000), new CardHtml(20, 200), new CardHtml(5, 40));

  private static final int MOST_CLASSES = 20;
  private static final int TEXTS = 10;

  private final int rows;
  private final int characters;

  private CardHtml(int rows, int characters) {
    this.rows = rows;
    this.characters = characters;
  }

  public static String write(ModelCard card, Optional<CardEvaluation> evaluation) {
    String page = "";
    for (CardHtml size : SIZES) {
      page = size.page(card, evaluation);
      if (page.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
        return page;
      }
    }
    return page;
  }

  private String text(String text) {
    return Html.escape(CardText.cut(text, characters));
  }

  private void more(StringBuilder out, int all) {
    if (all > rows) {
      out.append("<p class=\"note\">and ")
          .append(all - rows)
          .append(" more; all are in the JSON form of this card.</p>");
    }
  }

  private String page(ModelCard card, Optional<CardEvaluation> evaluation) {
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
            .append(text(found.actor())));
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
      schema.features().stream()
          .limit(rows)
          .forEach(feature -> out.append("<tr><td class=\"k v\">")
              .append(text(feature.name()))
              .append("</td><td>")
              .append(CardText.describe(feature))
              .append("</td></tr>"));
      out.append("<tr><td class=\"k v\">")
          .append(text(schema.target().name()))
          .append("</td><td>target</td></tr></table>");
      more(out, schema.features().size());
    });
    return out.append("</main></body></html>\n").toString();
  }

  private void box(StringBuilder out, String title, String text) {
    out.append("<div class=\"box\"><h3>").append(title).append("</h3>");
    String shown = CardText.cut(CardText.orNotStated(text), TEXTS * characters);
    for (String paragraph : shown.split("\\R\\s*\\R")) {
      out.append("<p>").append(Html.escape(paragraph.strip())).append("</p>");
    }
    out.append("</div>");
  }

  private void metrics(StringBuilder out, ModelCard card) {
    if (card.metrics().isEmpty()) {
      return;
    }
    out.append("<h2>Metrics</h2><table><tr><th>Metric</th><th class=\"n\">Value</th>"
        + "<th class=\"n\">95 % interval</th><th class=\"w\">0 to 1</th><th>Interval by</th></tr>");
    for (MetricLine line : card.metrics().stream().limit(rows).toList()) {
      out.append("<tr><td>")
          .append(text(line.name()))
          .append("</td><td class=\"n\">")
          .append(CardText.number(line.value()))
          .append("</td><td class=\"n\">");
      if (line.hasInterval()) {
        out.append(CardText.number(line.low())).append(" – ").append(CardText.number(line.high()));
      }
      out.append("</td><td class=\"w\">")
          .append(range(line))
          .append("</td><td>")
          .append(text(line.method()))
          .append("</td></tr>");
    }
    out.append("</table>");
    more(out, card.metrics().size());
    out.append("<p class=\"note\">Threshold 0.5 for accuracy, precision, recall and f1.</p>");
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

  private void charts(StringBuilder out, CardEvaluation e, Optional<ConfusionTable> confusion) {
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

  private String confusion(ConfusionTable table) {
    List<Integer> shown = shownClasses(table);
    var out = new StringBuilder("<table class=\"confusion\"><tr><th></th>");
    shown.forEach(c -> out.append("<th>").append(text(table.classes().get(c))).append("</th>"));
    out.append("</tr>");
    for (int i : shown) {
      out.append("<tr><th class=\"row\">").append(text(table.classes().get(i))).append("</th>");
      long sum = sum(table, i);
      for (int j : shown) {
        long count = table.counts().get(i).get(j);
        double share = sum > 0 ? (double) count / sum : 0;
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
    out.append("</table>");
    if (shown.size() < table.classes().size()) {
      out.append("<p class=\"note\">The ")
          .append(shown.size())
          .append(" most frequent of ")
          .append(table.classes().size())
          .append(" classes; all are in the JSON form of this card.</p>");
    }
    return out.toString();
  }

  /** The classes with the most rows, in their order. */
  private List<Integer> shownClasses(ConfusionTable table) {
    return IntStream.range(0, table.classes().size())
        .boxed()
        .sorted(Comparator.comparingLong(i -> -sum(table, i)))
        .limit(Math.min(rows, MOST_CLASSES))
        .sorted()
        .toList();
  }

  private static long sum(ConfusionTable table, int row) {
    return table.counts().get(row).stream().mapToLong(Long::longValue).sum();
  }

  private void groups(StringBuilder out, ModelCard card, String column) {
    if (card.groups().isEmpty()) {
      return;
    }
    out.append("<h2>By ")
        .append(text(column))
        .append("</h2><table><tr><th>Group</th>"
            + "<th class=\"n\">Rows</th><th class=\"n\">Positives</th>");
    card.groups()
        .get(0)
        .metrics()
        .keySet()
        .forEach(
            name -> out.append("<th class=\"n\">").append(Html.escape(name)).append("</th>"));
    out.append("</tr>");
    for (GroupLine line : largest(card.groups())) {
      out.append("<tr><td>")
          .append(text(line.group()))
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
    more(out, card.groups().size());
  }

  /** All groups, or those with the most rows. */
  private List<GroupLine> largest(List<GroupLine> groups) {
    return groups.size() <= rows
        ? groups
        : groups.stream()
            .sorted(Comparator.comparingInt(line -> -line.rows()))
            .limit(rows)
            .toList();
  }

  private void pairs(StringBuilder out, String title, Map<String, String> values) {
    if (values.isEmpty()) {
      return;
    }
    out.append("<h2>").append(title).append("</h2><table>");
    values.entrySet().stream()
        .limit(rows)
        .forEach(entry -> out.append("<tr><td class=\"k\">")
            .append(text(entry.getKey()))
            .append("</td><td class=\"v\">")
            .append(text(entry.getValue()))
            .append("</td></tr>"));
    out.append("</table>");
    more(out, values.size());
  }
}
