package dev.mlops.data.internal;

import dev.mlops.error.InvalidInputException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The column names of a file.
 *
 * @param file the file, for messages
 * @param names in order, none blank and none twice
 */
public record CsvHeader(Path file, List<String> names) {
  private static final int SHOWN_CHARS = 60;

  public CsvHeader {
    names = List.copyOf(names);
  }

  /** Takes a record as header. */
  static CsvHeader of(Path file, long line, List<String> fields) {
    List<String> names = fields.stream().map(String::strip).toList();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty()) {
        throw new InvalidInputException(
            "%s, line %d, column %d: expected a column name, got a blank"
                .formatted(file, line, i + 1));
      }
      if (!seen.add(names.get(i))) {
        throw new InvalidInputException(
            "%s, line %d, column %d: expected a name that is not used yet, got '%s' again"
                .formatted(file, line, i + 1, names.get(i)));
      }
    }
    return new CsvHeader(file, names);
  }

  /** Returns the number of columns. */
  public int size() {
    return names.size();
  }

  /** Returns where a column stands, or fails naming those that exist. */
  public int require(String column) {
    int i = names.indexOf(column);
    if (i < 0) {
      throw new InvalidInputException("%s, line 1: expected a column '%s', the columns are %s"
          .formatted(
              file,
              column,
              names.size() <= 20
                  ? names
                  : names.stream().limit(20).collect(Collectors.joining(", ", "[", ", ...]"))));
    }
    return i;
  }

  /** Makes the error for one value. */
  public InvalidInputException wrong(CsvRow row, int column, String expected) {
    return new InvalidInputException("%s, line %d, column '%s': expected %s, got '%s'"
        .formatted(file, row.line(), names.get(column), expected, shortened(row.text(column))));
  }

  /** Cuts a value that is too long for a message. */
  public static String shortened(String text) {
    return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...";
  }
}
