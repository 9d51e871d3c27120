package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.internal.CsvFormat;
import dev.mlops.data.internal.CsvInference;
import dev.mlops.data.internal.CsvTable;
import dev.mlops.error.InvalidInputException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads tables from comma-separated files with a header line (RFC 4180, UTF-8). Everything that is
 * wrong with a file is refused with the file, the line, the column and what was expected; no row is
 * dropped or guessed silently. Immutable, so safe for use by several threads.
 *
 * <p>A column is numeric if all its values are numbers, and categorical otherwise. A column in
 * which most values are numbers but some are not is refused, because that is nearly always an
 * error; name it in {@link Builder#categorical} if it is meant. Categories and classes are sorted,
 * so they do not depend on the order of rows.
 */
public final class Csv {
  private static final Csv DEFAULTS = builder().build();

  private final CsvFormat format;

  private Csv(CsvFormat format) {
    this.format = format;
  }

  /**
   * Reads a file with the default options.
   *
   * @param file the file
   * @param label the column to predict; its values are taken as classes
   * @return the table
   * @throws dev.mlops.error.NotFoundException if there is no such file
   * @throws InvalidInputException if the content breaks a rule
   */
  public static Table read(Path file, String label) {
    return DEFAULTS.readTable(file, label);
  }

  /**
   * Reads a file that must fit a known schema, such as new rows for an existing model. Columns are
   * found by name, others are ignored; a text that is no known category becomes
   * {@link Schema#UNKNOWN_CATEGORY}.
   *
   * @param file the file
   * @param schema the columns to read, the label among them
   * @return the table
   * @throws dev.mlops.error.NotFoundException if there is no such file
   * @throws InvalidInputException if a column is missing, a value does not fit or a class is
   *     unknown
   */
  public static Table read(Path file, Schema schema) {
    return DEFAULTS.readTable(file, schema);
  }

  /**
   * Starts from the default options: comma, double quotes, and {@code NA}, {@code NaN},
   * {@code null}, {@code ?} and the empty text for missing.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads a file with these options.
   *
   * @param file the file
   * @param label the column to predict
   * @return the table
   * @throws dev.mlops.error.NotFoundException if there is no such file
   * @throws InvalidInputException if the content breaks a rule
   */
  public Table readTable(Path file, String label) {
    requireNonNull(label, "label");
    return CsvTable.read(format, file, CsvInference.schema(format, file, label));
  }

  /**
   * Reads a file that must fit a known schema with these options.
   *
   * @param file the file
   * @param schema the columns to read, the label among them
   * @return the table
   * @throws dev.mlops.error.NotFoundException if there is no such file
   * @throws InvalidInputException if a column is missing, a value does not fit or a class is
   *     unknown
   */
  public Table readTable(Path file, Schema schema) {
    return CsvTable.read(format, file, requireNonNull(schema, "schema"));
  }

  /** Options. Not safe for use by several threads. */
  public static final class Builder {
    private char delimiter = ',';
    private Set<String> missing = Set.of("", "NA", "NaN", "null", "?");
    private final Set<String> numeric = new LinkedHashSet<>();
    private final Set<String> categorical = new LinkedHashSet<>();
    private final Set<String> ignored = new LinkedHashSet<>();
    private final Set<String> kept = new LinkedHashSet<>();
    private boolean quantity;
    private String positive = "";
    private int maxCategories = 1000;

    private Builder() {}

    /**
     * Sets what separates values.
     *
     * @param delimiter such as {@code ';'} or a tab
     * @return this builder
     */
    public Builder delimiter(char delimiter) {
      if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
        throw new InvalidInputException(
            "the delimiter must not be a quote or a line end, got character " + (int) delimiter);
      }
      this.delimiter = delimiter;
      return this;
    }

    /**
     * Sets the texts that stand for a missing value, in place of the default ones. Spaces around a
     * value do not count.
     *
     * @param tokens the texts; add {@code ""} for empty values
     * @return this builder
     */
    public Builder missing(String... tokens) {
      missing = Set.copyOf(Arrays.asList(tokens));
      return this;
    }

    /**
     * Insists that columns are numbers.
     *
     * @param columns their names
     * @return this builder
     */
    public Builder numeric(String... columns) {
      numeric.addAll(Arrays.asList(columns));
      return this;
    }

    /**
     * Takes columns as categories even where they look like numbers, such as codes.
     *
     * @param columns their names
     * @return this builder
     */
    public Builder categorical(String... columns) {
      categorical.addAll(Arrays.asList(columns));
      return this;
    }

    /**
     * Leaves columns out.
     *
     * @param columns their names
     * @return this builder
     */
    public Builder ignore(String... columns) {
      ignored.addAll(Arrays.asList(columns));
      return this;
    }

    /**
     * Keeps columns as text beside the features, for grouping, ordering by time or tracing a row.
     *
     * @param columns their names
     * @return this builder
     */
    public Builder keep(String... columns) {
      kept.addAll(Arrays.asList(columns));
      return this;
    }

    /**
     * Takes the label as a quantity to estimate instead of as classes.
     *
     * @return this builder
     */
    public Builder quantityLabel() {
      quantity = true;
      return this;
    }

    /**
     * Names the positive one of two classes; otherwise it is the last in sorted order.
     *
     * @param label the class
     * @return this builder
     */
    public Builder positive(String label) {
      positive = requireNonNull(label, "label");
      return this;
    }

    /**
     * Sets how many different texts a categorical column may have before it is refused as an
     * identifier or free text.
     *
     * @param maxCategories at least 2; 1000 unless set
     * @return this builder
     */
    public Builder maxCategories(int maxCategories) {
      if (maxCategories < 2) {
        throw new InvalidInputException("maxCategories must be >= 2, got " + maxCategories);
      }
      this.maxCategories = maxCategories;
      return this;
    }

    /**
     * Finishes the options.
     *
     * @return a reader
     * @throws InvalidInputException if a column is given two roles
     */
    public Csv build() {
      Set<String> seen = new LinkedHashSet<>();
      for (Set<String> role : java.util.List.of(numeric, categorical, ignored)) {
        for (String column : role) {
          if (!seen.add(column)) {
            throw new InvalidInputException(
                "column '" + column + "' can be only one of numeric, categorical and ignored");
          }
        }
      }
      return new Csv(new CsvFormat(
          delimiter,
          missing,
          numeric,
          categorical,
          ignored,
          kept,
          quantity,
          positive,
          maxCategories));
    }
  }
}
