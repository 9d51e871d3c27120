package dev.mlops.data.internal;

import java.util.List;

/**
 * One record and the line on which it starts, from 1.
 *
 * @param line the line
 * @param fields the values as they stand in the file
 */
public record CsvRow(long line, List<String> fields) {

  /** Returns a value without surrounding spaces. */
  public String text(int column) {
    return fields.get(column).strip();
  }

  /** Returns the number of values. */
  public int width() {
    return fields.size();
  }
}
