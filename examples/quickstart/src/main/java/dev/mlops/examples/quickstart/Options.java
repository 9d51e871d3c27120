package dev.mlops.examples.quickstart;

import dev.mlops.error.InvalidInputException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param out where everything is left behind
 * @param csv the user's own table, or empty for the one that ships with the example
 * @param label the column to predict, given exactly when {@code csv} is
 */
record Options(Path out, Optional<Path> csv, Optional<String> label) {

  Options {
    if (csv.isPresent() && label.isEmpty()) {
      throw new InvalidInputException(
          "which column of " + csv.get() + " is the label? Name it with -Dlabel=COLUMN");
    }
    if (label.isPresent() && csv.isEmpty()) {
      throw new InvalidInputException(
          "label '" + label.get() + "' needs a table: name it with -Dcsv=FILE");
    }
  }

  /**
   * Reads the command line.
   *
   * @param args {@code --out=DIR}, {@code --csv=FILE}, {@code --label=COLUMN}; empty values count
   *     as absent
   * @return the options
   */
  static Options parse(String... args) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      if (equals < 0 || !(name.equals("--out") || name.equals("--csv") || name.equals("--label"))) {
        throw new InvalidInputException(
            "arguments are --out=DIR, --csv=FILE and --label=COLUMN, got '" + arg + "'");
      }
      String value = arg.substring(equals + 1);
      if (!value.isBlank()) {
        values.put(name, value);
      }
    }
    return new Options(
        Path.of(values.getOrDefault("--out", "target/quickstart")),
        Optional.ofNullable(values.get("--csv")).map(Path::of),
        Optional.ofNullable(values.get("--label")));
  }
}
