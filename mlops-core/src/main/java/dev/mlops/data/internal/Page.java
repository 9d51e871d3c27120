package dev.mlops.data.internal;

import dev.mlops.internal.Html;
import java.util.List;

/** Builds one HTML page that loads nothing from elsewhere. */
public final class Page {
  private static final String STYLE = """
      :root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #1a7f37; --bad: #cf222e; --accent: #0969da; }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
      table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
      th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
      th { font-weight: 600; background: var(--soft); } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
      .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
      .lead { font-size: 1.05rem; } .row { display: flex; flex-wrap: wrap; gap: 1.5rem; } figure { margin: 0; }
      figcaption { font-size: .9rem; font-weight: 600; } svg text { fill: currentColor; font: 11px system-ui, sans-serif; }
      """;

  private final StringBuilder body = new StringBuilder();
  private final String title;

  public Page(String title) {
    this.title = title;
    body.append("<h1>").append(Html.escape(title)).append("</h1>\n");
  }

  public Page heading(String text) {
    body.append("<h2>").append(Html.escape(text)).append("</h2>\n");
    return this;
  }

  /** Adds a paragraph; {@code kind} is a class of the style sheet, may be empty. */
  public Page paragraph(String kind, String text) {
    body.append("<p class=\"")
        .append(kind)
        .append("\">")
        .append(Html.escape(text))
        .append("</p>\n");
    return this;
  }

  /** Adds markup that is known to be safe. */
  public Page raw(String markup) {
    body.append(markup).append('\n');
    return this;
  }

  /** Adds a table; columns from {@code firstNumber} on are set as numbers. */
  public Page table(List<String> head, List<List<String>> rows, int firstNumber) {
    body.append("<table><thead><tr>");
    for (int j = 0; j < head.size(); j++) {
      cell("th", head.get(j), j >= firstNumber);
    }
    body.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      body.append("<tr>");
      for (int j = 0; j < row.size(); j++) {
        cell("td", row.get(j), j >= firstNumber);
      }
      body.append("</tr>\n");
    }
    body.append("</tbody></table>\n");
    return this;
  }

  private void cell(String tag, String text, boolean number) {
    body.append('<').append(tag).append(number ? " class=\"n\">" : ">");
    switch (text) {
      case "passed" -> body.append("<span class=\"good\">passed</span>");
      case "failed" -> body.append("<span class=\"bad\">failed</span>");
      default -> body.append(Html.escape(text));
    }
    body.append("</").append(tag).append('>');
  }

  /** Returns the page. */
  public String html() {
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>"
        + Html.escape(title)
        + "</title><style>\n"
        + STYLE
        + "</style></head><body>\n"
        + body
        + "</body></html>\n";
  }
}
