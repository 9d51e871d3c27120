package dev.mlops.registry.card.internal;

import dev.mlops.registry.card.GroupLine;
import dev.mlops.registry.card.MetricLine;
import dev.mlops.registry.card.ModelCard;
import java.util.Map;

/** A card as Markdown. */
public final class CardMarkdown {
  private CardMarkdown() {}

  public static String write(ModelCard card) {
    var out = new StringBuilder("# Model card: " + escape(CardText.title(card)) + "\n\n");
    out.append("## Intended use\n\n")
        .append(escape(CardText.orNotStated(card.intendedUse())))
        .append("\n\n## Limits\n\n")
        .append(escape(CardText.orNotStated(card.limits())))
        .append("\n\n");
    metrics(out, card);
    groups(out, card);
    card.confusion().ifPresent(table -> {
      out.append("## Confusion (rows: truth, columns: prediction)\n\n| |");
      table.classes().forEach(name -> out.append(' ').append(cell(name)).append(" |"));
      out.append("\n|---|").append("---:|".repeat(table.classes().size())).append('\n');
      for (int i = 0; i < table.classes().size(); i++) {
        out.append("| ").append(cell(table.classes().get(i))).append(" |");
        table.counts().get(i).forEach(count -> out.append(' ').append(count).append(" |"));
        out.append('\n');
      }
      out.append('\n');
    });
    if (!card.importance().isEmpty()) {
      out.append("## Feature importance\n\n| feature | importance |\n|---|---:|\n");
      card.importance().entrySet().stream()
          .sorted(java.util.Comparator.comparingDouble(
              (Map.Entry<String, Double> e) -> -Math.abs(e.getValue())))
          .forEach(e -> row(out, e.getKey(), CardText.number(e.getValue())));
      out.append('\n');
    }
    table(out, "Data", card.data());
    table(out, "Lineage", card.lineage());
    card.registration()
        .ifPresent(found -> table(out, "Registration", CardText.registration(found)));
    card.schema().ifPresent(schema -> {
      out.append("## Signature\n\n| column | type |\n|---|---|\n");
      schema.features().forEach(f -> row(out, f.name(), CardText.describe(f)));
      row(out, schema.target().name(), "target");
    });
    return out.toString();
  }

  private static void metrics(StringBuilder out, ModelCard card) {
    if (card.metrics().isEmpty()) {
      return;
    }
    out.append("## Metrics\n\n| metric | value | 95 % interval | method |\n|---|---:|---|---|\n");
    for (MetricLine line : card.metrics()) {
      row(
          out,
          line.name(),
          CardText.number(line.value()),
          line.hasInterval()
              ? CardText.number(line.low()) + " to " + CardText.number(line.high())
              : "",
          line.method());
    }
    out.append('\n');
  }

  private static void groups(StringBuilder out, ModelCard card) {
    if (card.groups().isEmpty()) {
      return;
    }
    var names = card.groups().get(0).metrics().keySet();
    out.append("## Metrics by group\n\n| group | rows | positives |");
    names.forEach(name -> out.append(' ').append(name).append(" |"));
    out.append("\n|---|---:|---:|").append("---:|".repeat(names.size())).append('\n');
    for (GroupLine line : card.groups()) {
      out.append("| ")
          .append(cell(line.group()))
          .append(" | ")
          .append(line.rows())
          .append(" | ")
          .append(line.positives())
          .append(" |");
      line.metrics()
          .values()
          .forEach(v -> out.append(' ').append(CardText.number(v)).append(" |"));
      out.append('\n');
    }
    out.append('\n');
  }

  private static void table(StringBuilder out, String title, Map<String, String> values) {
    if (!values.isEmpty()) {
      out.append("## ").append(title).append("\n\n| | |\n|---|---|\n");
      values.forEach((name, value) -> row(out, name, value));
      out.append('\n');
    }
  }

  private static void row(StringBuilder out, String... cells) {
    out.append('|');
    for (String cell : cells) {
      out.append(' ').append(cell(cell)).append(" |");
    }
    out.append('\n');
  }

  /** A line break would end the row. */
  private static String cell(String text) {
    return escape(text).replaceAll("\\R", " ");
  }

  /** Markdown passes HTML on, so that is escaped too. */
  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("|", "\\|")
        .replace("[", "\\[")
        .replace("`", "\\`");
  }
}
