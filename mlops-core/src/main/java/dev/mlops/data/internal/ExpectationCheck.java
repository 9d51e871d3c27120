package dev.mlops.data.internal;

import dev.mlops.data.Expectation;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.data.ValidationReport;
import dev.mlops.data.ValidationReport.Example;
import dev.mlops.data.ValidationReport.Finding;
import dev.mlops.error.NotFoundException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Compares data with rules. */
public final class ExpectationCheck {
  private final Table table;

  private ExpectationCheck(Table table) {
    this.table = table;
  }

  public static ValidationReport table(List<Expectation> rules, Table table) {
    var check = new ExpectationCheck(table);
    return new ValidationReport(table.size(), rules.stream().map(check::finding).toList());
  }

  private Finding finding(Expectation rule) {
    try {
      if (rule instanceof Expectation.Range range) {
        return range(range);
      } else if (rule instanceof Expectation.MissingShare share) {
        return missing(share);
      } else if (rule instanceof Expectation.OneOf oneOf) {
        return oneOf(oneOf);
      } else if (rule instanceof Expectation.Unique unique) {
        return unique(unique);
      } else if (rule instanceof Expectation.Mean mean) {
        return mean(mean);
      } else if (rule instanceof Expectation.RowCount count) {
        boolean ok = table.size() >= count.min() && table.size() <= count.max();
        return whole(
            rule,
            ok,
            "rows: expected %d to %s, got %d"
                .formatted(
                    count.min(),
                    count.max() == Long.MAX_VALUE ? "any number" : count.max(),
                    table.size()));
      } else if (rule instanceof Expectation.ClassShare share) {
        return classShare(share);
      }
    } catch (NotFoundException e) {
      return whole(rule, false, String.valueOf(e.getMessage()));
    }
    throw new IllegalStateException("no check for " + rule);
  }

  private static Finding whole(Expectation rule, boolean passed, String reason) {
    return new Finding(rule, passed, reason, 0, List.of());
  }

  private Finding rows(Expectation rule, String expected, IntPredicate offends) {
    String[] texts = table.texts(rule.column());
    List<Example> examples = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < table.size(); i++) {
      if (offends.test(i)) {
        if (count++ < ValidationReport.MAX_EXAMPLES) {
          examples.add(new Example(i, texts[i]));
        }
      }
    }
    String reason = "'%s': expected %s".formatted(rule.column(), expected)
        + (count == 0
            ? ", holds"
            : ", %d of %d rows differ, first row %d with '%s'"
                .formatted(
                    count, table.size(), examples.get(0).row(), examples.get(0).value()));
    return new Finding(rule, count == 0, reason, count, examples);
  }

  private Finding range(Expectation.Range range) {
    double[] values = table.column(range.column());
    return rows(
        range,
        "from " + range.min() + " to " + range.max(),
        i -> values[i] < range.min() || values[i] > range.max());
  }

  private Finding missing(Expectation.MissingShare share) {
    double[] values = table.column(share.column());
    long missing = Arrays.stream(values).filter(Double::isNaN).count();
    double found = (double) missing / values.length;
    if (share.max() == 0 && missing > 0) {
      return rows(share, "no missing value", i -> Double.isNaN(values[i]));
    }
    return whole(
        share,
        found <= share.max(),
        "'%s': expected a missing share of at most %.4f, got %.4f"
            .formatted(share.column(), share.max(), found));
  }

  private Finding oneOf(Expectation.OneOf oneOf) {
    Set<String> allowed = new HashSet<>(oneOf.values());
    String[] texts = table.texts(oneOf.column());
    boolean[] unknown = new boolean[texts.length];
    for (int j = 0; j < table.schema().width(); j++) {
      if (table.schema().features().get(j).name().equals(oneOf.column())) {
        for (int i = 0; i < unknown.length; i++) {
          unknown[i] = table.value(i, j) == Schema.UNKNOWN_CATEGORY;
        }
      }
    }
    return rows(
        oneOf,
        "one of " + oneOf.values(),
        i -> unknown[i] || !texts[i].isEmpty() && !allowed.contains(texts[i]));
  }

  private Finding unique(Expectation.Unique unique) {
    String[] texts = table.texts(unique.column());
    Set<String> seen = new HashSet<>();
    return rows(unique, "every value once", i -> !texts[i].isEmpty() && !seen.add(texts[i]));
  }

  private Finding mean(Expectation.Mean mean) {
    double found = Arrays.stream(table.column(mean.column()))
        .filter(v -> !Double.isNaN(v))
        .average()
        .orElse(Double.NaN);
    return whole(
        mean,
        found >= mean.min() && found <= mean.max(),
        "'%s': expected a mean from %s to %s, got %s"
            .formatted(mean.column(), mean.min(), mean.max(), found));
  }

  private Finding classShare(Expectation.ClassShare share) {
    if (!(table.schema().target() instanceof Target.Classes classes)) {
      return whole(share, false, "expected classes, the label is a quantity");
    }
    long[] counts = new long[classes.classes().size()];
    Arrays.stream(table.targets()).forEach(c -> counts[(int) c]++);
    int rarest = 0;
    for (int c = 1; c < counts.length; c++) {
      rarest = counts[c] < counts[rarest] ? c : rarest;
    }
    double found = (double) counts[rarest] / table.size();
    return whole(
        share,
        found >= share.min(),
        "classes: expected each to have a share of at least %.4f, '%s' has %.4f"
            .formatted(share.min(), classes.classes().get(rarest), found));
  }

  public static List<String> row(List<Expectation> rules, Schema schema, double[] row) {
    if (row.length != schema.width()) {
      throw new IllegalArgumentException(
          "a row must have " + schema.width() + " values, got " + row.length);
    }
    List<String> wrong = new ArrayList<>();
    for (Expectation rule : rules) {
      for (int j = 0; j < row.length; j++) {
        if (schema.features().get(j).name().equals(rule.column())) {
          value(rule, schema.features().get(j), row[j], wrong);
        }
      }
    }
    return List.copyOf(wrong);
  }

  private static void value(Expectation rule, Feature feature, double value, List<String> wrong) {
    if (rule instanceof Expectation.Range range && (value < range.min() || value > range.max())) {
      wrong.add("'%s': expected from %s to %s, got %s"
          .formatted(feature.name(), range.min(), range.max(), value));
    } else if (rule instanceof Expectation.MissingShare share
        && share.max() == 0
        && Double.isNaN(value)) {
      wrong.add("'%s': expected a value, it is missing".formatted(feature.name()));
    } else if (rule instanceof Expectation.OneOf oneOf && !Double.isNaN(value)) {
      String text = feature instanceof Feature.Categorical categorical
          ? value >= 0 && value < categorical.categories().size()
              ? categorical.categories().get((int) value)
              : "an unknown category"
          : Double.toString(value);
      if (!oneOf.values().contains(text)) {
        wrong.add(
            "'%s': expected one of %s, got %s".formatted(feature.name(), oneOf.values(), text));
      }
    }
  }
}
