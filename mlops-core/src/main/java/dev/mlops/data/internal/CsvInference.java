package dev.mlops.data.internal;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds out what the columns of a file mean, in one pass that keeps only distinct texts. */
public final class CsvInference {
  private static final int MAX_CLASSES = 100;

  private final CsvFormat format;
  private final CsvSource source;
  private final int label;

  private CsvInference(CsvFormat format, CsvSource source, int label) {
    this.format = format;
    this.source = source;
    this.label = label;
  }

  /** Reads a file for its schema. */
  public static Schema schema(CsvFormat format, Path file, String label) {
    try (var source = CsvSource.open(file, format.delimiter())) {
      return new CsvInference(format, source, source.header().require(label)).infer();
    }
  }

  private Schema infer() {
    for (Set<String> named :
        List.of(format.numeric(), format.categorical(), format.ignored(), format.kept())) {
      named.forEach(source.header()::require);
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < source.header().size(); i++) {
      columns.add(new Column(i));
    }
    long rows = 0;
    while (source.hasNext()) {
      CsvRow row = source.nextFull();
      columns.forEach(column -> column.observe(row));
      rows++;
    }
    if (rows == 0) {
      throw new InvalidInputException(
          source.file() + ": expected at least one row after the header, got none");
    }
    List<Feature> features = new ArrayList<>();
    for (Column column : columns) {
      if (column.isFeature()) {
        features.add(column.feature());
      }
    }
    if (features.isEmpty()) {
      throw new InvalidInputException(
          source.file() + ", line 1: expected at least one column beside the label, got none");
    }
    return new Schema(features, columns.get(label).target());
  }

  /** What was seen of one column. */
  private final class Column {
    private final int index;
    private final String name;
    private final Set<String> texts = new TreeSet<>();
    private final Set<String> numberTexts = new TreeSet<>();
    private long numberCount;
    private long textCount;
    private @org.jspecify.annotations.Nullable CsvRow firstText;

    Column(int index) {
      this.index = index;
      this.name = source.header().names().get(index);
    }

    boolean isLabel() {
      return index == label;
    }

    boolean isFeature() {
      return !isLabel() && !format.ignored().contains(name) && !format.kept().contains(name);
    }

    void observe(CsvRow row) {
      if (!isLabel() && !isFeature()) {
        return;
      }
      String text = row.text(index);
      if (format.isMissing(text)) {
        if (isLabel()) {
          throw source.header().wrong(row, index, "a label in every row");
        }
        return;
      }
      boolean number = Numbers.isNumber(text);
      if (number) {
        numberCount++;
      } else {
        textCount++;
        if (firstText == null) {
          firstText = row;
        }
      }
      int limit = isLabel() ? MAX_CLASSES : format.maxCategories();
      if (!number || isLabel() || format.categorical().contains(name)) {
        if (!(isLabel() && format.quantity()) && !format.numeric().contains(name)) {
          texts.add(text);
          if (texts.size() > limit) {
            throw tooMany(limit);
          }
        }
      } else if (numberTexts.size() <= limit) {
        numberTexts.add(text); // they are categories too if the column turns out to be of texts
      }
    }

    private InvalidInputException tooMany(int limit) {
      return new InvalidInputException(
          isLabel()
              ? "%s, column '%s': expected a label with at most %d classes, got more; use quantityLabel() for a number to estimate"
                  .formatted(source.file(), name, limit)
              : "%s, column '%s': expected at most %d different texts, got more; ignore or keep an identifier, or raise maxCategories"
                  .formatted(source.file(), name, limit));
    }

    Feature feature() {
      if (numberCount + textCount == 0) {
        throw new InvalidInputException(
            "%s, column '%s': expected at least one value, all are missing"
                .formatted(source.file(), name));
      }
      boolean mustBeNumeric = format.numeric().contains(name);
      boolean mostlyNumbers = numberCount > textCount && !format.categorical().contains(name);
      if (firstText != null && (mustBeNumeric || mostlyNumbers)) {
        throw source
            .header()
            .wrong(
                firstText,
                index,
                mustBeNumeric
                    ? "a number"
                    : "a number as in most rows, a missing value or a column declared categorical");
      }
      if (textCount == 0 && !format.categorical().contains(name)) {
        return new Feature.Numeric(name);
      }
      texts.addAll(numberTexts);
      if (texts.size() > format.maxCategories()) {
        throw tooMany(format.maxCategories());
      }
      return new Feature.Categorical(name, List.copyOf(texts));
    }

    Target target() {
      if (format.quantity()) {
        if (firstText != null) {
          throw source.header().wrong(firstText, index, "a number");
        }
        return new Target.Quantity(name);
      }
      List<String> classes = new ArrayList<>(texts);
      if (textCount == 0) {
        classes.sort(java.util.Comparator.comparingDouble(Numbers::parse));
      }
      if (classes.size() < 2) {
        throw new InvalidInputException(
            "%s, column '%s': expected at least two classes, every row has '%s'"
                .formatted(source.file(), name, classes.get(0)));
      }
      if (!format.positive().isEmpty()) {
        if (classes.size() != 2 || !classes.remove(format.positive())) {
          throw new InvalidInputException(
              "%s, column '%s': expected two classes with the positive one '%s', got %s"
                  .formatted(source.file(), name, format.positive(), classes));
        }
        classes.add(format.positive());
      }
      return new Target.Classes(name, classes);
    }
  }
}
