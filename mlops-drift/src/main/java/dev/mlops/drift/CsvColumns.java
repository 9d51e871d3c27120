package dev.mlops.drift;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads RFC 4180: a header line, comma separated, quotes doubled inside quotes, line breaks allowed
 * in them. An empty field without quotes is missing. A column is numeric if every value that is
 * there is a number in Java's notation, unless it is asked for as categorical.
 */
final class CsvColumns {
  private final Reader in;
  private int next;
  private int line = 1;

  private CsvColumns(Reader in) throws IOException {
    this.in = in;
    this.next = in.read();
  }

  static Columns read(Reader reader, Set<String> categorical) throws IOException {
    CsvColumns csv = new CsvColumns(new BufferedReader(reader));
    List<@Nullable String> header = csv.row();
    if (header == null) {
      throw DriftException.invalidInput("the CSV is empty, expected a header line");
    }
    List<List<@Nullable String>> values = new ArrayList<>();
    header.forEach(h -> values.add(new ArrayList<>()));
    int start = csv.line;
    for (List<@Nullable String> row = csv.row(); row != null; row = csv.row()) {
      if (row.size() != header.size()) {
        throw DriftException.invalidInput(
            "line " + start + " has " + row.size() + " fields, the header " + header.size());
      }
      for (int c = 0; c < row.size(); c++) {
        values.get(c).add(row.get(c));
      }
      start = csv.line;
    }
    Columns.Builder builder = Columns.builder();
    for (int c = 0; c < header.size(); c++) {
      String name = header.get(c) == null ? "" : header.get(c);
      double[] numbers = categorical.contains(name) ? null : numbers(values.get(c));
      if (numbers == null) {
        builder.categorical(name, values.get(c).toArray(new String[0]));
      } else {
        builder.numeric(name, numbers);
      }
    }
    return builder.build();
  }

  private static double @Nullable [] numbers(List<@Nullable String> column) {
    double[] numbers = new double[column.size()];
    Arrays.fill(numbers, Double.NaN);
    for (int i = 0; i < numbers.length; i++) {
      String text = column.get(i);
      if (text != null) {
        try {
          numbers[i] = Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
          return null;
        }
      }
    }
    return numbers;
  }

  private @Nullable List<@Nullable String> row() throws IOException {
    if (next < 0) {
      return null;
    }
    List<@Nullable String> fields = new ArrayList<>();
    while (true) {
      fields.add(next == '"' ? quoted() : plain());
      if (next == ',') {
        next = in.read();
        continue;
      }
      if (next == '\r') {
        next = in.read();
      }
      if (next == '\n') {
        next = in.read();
        line++;
      }
      return fields;
    }
  }

  private @Nullable String plain() throws IOException {
    StringBuilder field = new StringBuilder();
    while (next >= 0 && next != ',' && next != '\n' && next != '\r') {
      field.append((char) next);
      next = in.read();
    }
    return field.isEmpty() ? null : field.toString();
  }

  private String quoted() throws IOException {
    StringBuilder field = new StringBuilder();
    int opened = line;
    while (true) {
      next = in.read();
      if (next < 0) {
        throw DriftException.invalidInput(
            "the quote opened in line " + opened + " is never closed");
      }
      if (next == '"') {
        next = in.read();
        if (next != '"') {
          if (next >= 0 && next != ',' && next != '\n' && next != '\r') {
            throw DriftException.invalidInput("line " + line + " has '" + (char) next
                + "' after a closing quote, expected a comma");
          }
          return field.toString();
        }
      }
      line += next == '\n' ? 1 : 0;
      field.append((char) next);
    }
  }
}
