package dev.mlops.data.internal;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns records into rows of a schema. Columns are found by name. */
public final class CsvRowReader {
  private final CsvFormat format;
  private final CsvHeader header;
  private final int[] positions;
  private final List<Map<String, Integer>> categories;

  public CsvRowReader(CsvFormat format, CsvHeader header, Schema schema) {
    this.format = format;
    this.header = header;
    positions =
        schema.features().stream().mapToInt(f -> header.require(f.name())).toArray();
    categories = schema.features().stream().map(CsvRowReader::dictionary).toList();
  }

  private static Map<String, Integer> dictionary(Feature feature) {
    return feature instanceof Feature.Categorical categorical
        ? dictionary(categorical.categories())
        : Map.of();
  }

  /** Returns the index of every text. */
  public static Map<String, Integer> dictionary(List<String> texts) {
    Map<String, Integer> dictionary = new HashMap<>();
    texts.forEach(text -> dictionary.put(text, dictionary.size()));
    return dictionary;
  }

  /** Returns a value's text. */
  public String text(CsvRow row, int feature) {
    return row.text(positions[feature]);
  }

  /** Tells whether a value is missing. */
  public boolean isMissing(CsvRow row, int feature) {
    return format.isMissing(text(row, feature));
  }

  /** Reads one value; {@code NaN} where it is missing or not the number it should be. */
  public double valueOrNaN(CsvRow row, int feature, boolean numeric) {
    String text = text(row, feature);
    if (format.isMissing(text)) {
      return Double.NaN;
    }
    return numeric
        ? Numbers.parse(text)
        : categories.get(feature).getOrDefault(text, Schema.UNKNOWN_CATEGORY);
  }

  /**
   * Reads one value.
   *
   * @throws dev.mlops.error.InvalidInputException if a number was expected
   */
  public double value(CsvRow row, int feature, boolean numeric) {
    double value = valueOrNaN(row, feature, numeric);
    if (Double.isNaN(value) && !isMissing(row, feature)) {
      throw header.wrong(row, positions[feature], "a number");
    }
    return value;
  }
}
