package dev.mlops.data.internal;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a whole file of a known schema into memory. */
public final class CsvTable {
  private CsvTable() {}

  public static Table read(CsvFormat format, Path file, Schema schema) {
    try (var source = CsvSource.open(file, format.delimiter())) {
      var reader = new CsvRowReader(format, source.header(), schema);
      int label = source.header().require(schema.target().name());
      Map<String, Integer> classes = schema.target() instanceof Target.Classes c
          ? CsvRowReader.dictionary(c.classes())
          : Map.of();
      boolean[] numeric = new boolean[schema.width()];
      for (int j = 0; j < numeric.length; j++) {
        numeric[j] = schema.features().get(j) instanceof Feature.Numeric;
      }
      var columns = new GrowingColumns(schema.width() + 1);
      Map<String, List<String>> kept = new LinkedHashMap<>();
      format.kept().stream().sorted().forEach(name -> kept.put(name, new ArrayList<>()));
      while (source.hasNext()) {
        CsvRow row = source.nextFull();
        for (int j = 0; j < numeric.length; j++) {
          columns.set(j, reader.value(row, j, numeric[j]));
        }
        columns.set(numeric.length, target(source.header(), row, label, format, classes));
        kept.forEach((name, texts) -> texts.add(row.text(source.header().require(name))));
        columns.nextRow();
      }
      if (columns.size() == 0) {
        throw new InvalidInputException(
            file + ": expected at least one row after the header, got none");
      }
      double[][] values = columns.toArrays();
      Map<String, String[]> keptArrays = new LinkedHashMap<>();
      kept.forEach((name, texts) -> keptArrays.put(name, texts.toArray(String[]::new)));
      return Table.ofColumns(
          schema, Arrays.copyOf(values, numeric.length), values[numeric.length], keptArrays);
    }
  }

  private static double target(
      CsvHeader header, CsvRow row, int label, CsvFormat format, Map<String, Integer> classes) {
    String text = row.text(label);
    if (format.isMissing(text)) {
      throw header.wrong(row, label, "a label in every row");
    }
    if (classes.isEmpty()) {
      double value = Numbers.parse(text);
      if (Double.isNaN(value)) {
        throw header.wrong(row, label, "a number");
      }
      return value;
    }
    Integer index = classes.get(text);
    if (index == null) {
      throw header.wrong(row, label, "one of the classes " + classes.keySet());
    }
    return index;
  }

  /** Columns of doubles that grow together. */
  private static final class GrowingColumns {
    private final double[][] columns;
    private int size;

    GrowingColumns(int width) {
      columns = new double[width][64];
    }

    void set(int column, double value) {
      columns[column][size] = value;
    }

    void nextRow() {
      size++;
      if (size == columns[0].length) {
        for (int j = 0; j < columns.length; j++) {
          columns[j] = Arrays.copyOf(columns[j], size * 2);
        }
      }
    }

    int size() {
      return size;
    }

    double[][] toArrays() {
      double[][] trimmed = new double[columns.length][];
      for (int j = 0; j < trimmed.length; j++) {
        trimmed[j] = Arrays.copyOf(columns[j], size);
      }
      return trimmed;
    }
  }
}
