package dev.mlops.tracking;

import dev.mlops.error.InvalidInputException;
import dev.mlops.internal.Html;
import dev.mlops.tracking.internal.ComparisonJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Runs side by side: one column per run, one row per parameter and metric. Immutable. */
public final class RunComparison {
  private final List<RunRecord> runs;
  private final Map<String, List<String>> rows;

  private RunComparison(List<RunRecord> runs, Map<String, List<String>> rows) {
    this.runs = runs;
    this.rows = rows;
  }

  /**
   * Compares runs.
   *
   * @param runs at least one, in the order of the columns
   * @return the comparison
   * @throws InvalidInputException if there is no run
   */
  public static RunComparison of(List<RunRecord> runs) {
    if (runs.isEmpty()) {
      throw new InvalidInputException("a comparison needs at least one run, got none");
    }
    var rows = new LinkedHashMap<String, List<String>>();
    rows.put("status", runs.stream().map(run -> run.status().name()).toList());
    var params = new TreeSet<String>();
    var metrics = new TreeSet<String>();
    for (RunRecord run : runs) {
      params.addAll(run.params().keySet());
      metrics.addAll(run.metrics().keySet());
    }
    for (String name : params) {
      rows.put("param " + name, column(runs, run -> run.params().get(name)));
    }
    for (String name : metrics) {
      rows.put("metric " + name, column(runs, run -> run.metrics().get(name)));
    }
    return new RunComparison(List.copyOf(runs), rows);
  }

  private interface Cell {
    @Nullable Object of(RunRecord run);
  }

  private static List<String> column(List<RunRecord> runs, Cell cell) {
    return runs.stream()
        .map(cell::of)
        .map(value -> value == null ? "" : value.toString())
        .toList();
  }

  /**
   * Lists the rows whose values are not all equal, which is what explains a difference.
   *
   * @return row names such as {@code param trees}
   */
  public List<String> differences() {
    return rows.entrySet().stream()
        .filter(row -> row.getValue().stream().distinct().count() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Writes a table with aligned columns.
   *
   * @return the text, one line per row
   */
  public String toText() {
    var table = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of(""));
    runs.forEach(run -> head.add(run.name()));
    table.add(head);
    rows.forEach((name, values) -> {
      var line = new ArrayList<>(List.of(name));
      line.addAll(values);
      table.add(line);
    });
    int[] widths = new int[head.size()];
    for (List<String> line : table) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    var text = new StringBuilder();
    for (List<String> line : table) {
      var row = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        row.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /**
   * Writes the comparison as JSON.
   *
   * @return an object with one entry per run
   */
  public String toJson() {
    return ComparisonJson.write(runs);
  }

  /**
   * Writes the comparison as one HTML page; rows that differ are marked, every text is escaped.
   *
   * @return the page
   */
  public String toHtml() {
    var out = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<title>Runs</title><style>body{font:15px/1.5 system-ui,sans-serif;margin:24px}"
        + "table{border-collapse:collapse}th,td{padding:6px 12px;text-align:left;"
        + "border-bottom:1px solid #dde2e8}tr.differs td{background:#eef5ff}</style></head>"
        + "<body><h1>Runs side by side</h1><table><tr><th></th>");
    runs.forEach(run -> out.append("<th>")
        .append(Html.escape(run.name()))
        .append("<br><small>")
        .append(Html.escape(run.id()))
        .append("</small></th>"));
    out.append("</tr>");
    List<String> differences = differences();
    rows.forEach((name, values) -> {
      out.append(differences.contains(name) ? "<tr class=\"differs\"><td>" : "<tr><td>")
          .append(Html.escape(name))
          .append("</td>");
      values.forEach(v -> out.append("<td>").append(Html.escape(v)).append("</td>"));
      out.append("</tr>");
    });
    return out.append("</table></body></html>\n").toString();
  }
}
