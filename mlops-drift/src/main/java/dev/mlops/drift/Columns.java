package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table as named columns of equal length: numeric ones ({@code NaN} is missing) and categorical
 * ones ({@code null} is missing). Immutable.
 */
public final class Columns {
  private final Map<String, Object> columns;
  private final int rows;

  /** A categorical column; the dictionary is empty unless the caller gave one. */
  private record Texts(@Nullable String[] values, List<String> dictionary) {}

  private Columns(Map<String, Object> columns, int rows) {
    this.columns = Collections.unmodifiableMap(columns);
    this.rows = rows;
  }

  /**
   * Starts a table.
   *
   * @return an empty builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes a table of numeric columns from rows.
   *
   * @param names the column names
   * @param rows rows as wide as there are names; {@code NaN} is missing
   * @return the columns
   * @throws DriftException if a row has another width
   */
  public static Columns fromRows(List<String> names, Stream<double[]> rows) {
    double[][] all = requireNonNull(rows, "rows").toArray(double[][]::new);
    Builder builder = builder();
    for (int c = 0; c < names.size(); c++) {
      double[] column = new double[all.length];
      for (int r = 0; r < all.length; r++) {
        if (all[r].length != names.size()) {
          throw DriftException.invalidInput(
              "row " + r + " must have " + names.size() + " values, got " + all[r].length);
        }
        column[r] = all[r][c];
      }
      builder.numeric(names.get(c), column);
    }
    return builder.build();
  }

  /**
   * Reads comma-separated values (RFC 4180) with a header line. An empty field is missing; a column
   * in which all values are numbers is numeric unless it is named as categorical.
   *
   * @param csv the text; not closed
   * @param categorical columns that are categorical although they hold numbers, such as codes
   * @return the columns
   * @throws IOException if reading fails
   * @throws DriftException if a line has another number of fields than the header, or a quote is
   *     left open
   */
  public static Columns fromCsv(Reader csv, String... categorical) throws IOException {
    return CsvColumns.read(requireNonNull(csv, "csv"), Set.of(categorical));
  }

  /**
   * Returns the column names in the order they were added.
   *
   * @return the names
   */
  public List<String> names() {
    return List.copyOf(columns.keySet());
  }

  /**
   * Returns the number of rows.
   *
   * @return the length of every column
   */
  public int rows() {
    return rows;
  }

  /**
   * Tells whether there is a column of this name.
   *
   * @param name the column name
   * @return true if there is
   */
  public boolean contains(String name) {
    return columns.containsKey(requireNonNull(name, "name"));
  }

  /**
   * Returns what a column holds.
   *
   * @param name the column name
   * @return its kind
   * @throws DriftException if there is no such column
   */
  public Kind kind(String name) {
    return column(name) instanceof double[] ? Kind.NUMERIC : Kind.CATEGORICAL;
  }

  /**
   * Returns a copy of a numeric column.
   *
   * @param name the column name
   * @return its values, {@code NaN} where missing
   * @throws DriftException if there is no such numeric column
   */
  public double[] numeric(String name) {
    return numbers(name).clone();
  }

  /**
   * Returns a copy of a categorical column.
   *
   * @param name the column name
   * @return its values, {@code null} where missing
   * @throws DriftException if there is no such categorical column
   */
  public @Nullable String[] categorical(String name) {
    return texts(name).clone();
  }

  /** The column itself, for readers in this package that do not change it. */
  double[] numbers(String name) {
    if (column(name) instanceof double[] values) {
      return values;
    }
    throw DriftException.invalidInput("column '" + name + "' is categorical, expected numeric");
  }

  /** The column itself, for readers in this package that do not change it. */
  @Nullable String[] texts(String name) {
    if (column(name) instanceof Texts texts) {
      return texts.values;
    }
    throw DriftException.invalidInput("column '" + name + "' is numeric, expected categorical");
  }

  /** The order of categories that the caller fixed, empty if none. */
  List<String> dictionary(String name) {
    return column(name) instanceof Texts texts ? texts.dictionary : List.of();
  }

  private Object column(String name) {
    Object column = columns.get(requireNonNull(name, "name"));
    if (column == null) {
      throw DriftException.invalidInput(
          "there is no column '" + name + "'; columns are " + columns.keySet());
    }
    return column;
  }

  /** Collects columns of equal length. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Object> columns = new LinkedHashMap<>();
    private int rows = -1;

    private Builder() {}

    /**
     * Adds a numeric column.
     *
     * @param name a name not used yet
     * @param values the values, copied; {@code NaN} is missing
     * @return this
     * @throws DriftException if the name is blank or taken or the length differs
     */
    public Builder numeric(String name, double... values) {
      add(name, values.length);
      columns.put(name, values.clone());
      return this;
    }

    /**
     * Adds a categorical column.
     *
     * @param name a name not used yet
     * @param values the values, copied; {@code null} is missing
     * @return this
     * @throws DriftException if the name is blank or taken or the length differs
     */
    public Builder categorical(String name, @Nullable String... values) {
      add(name, values.length);
      columns.put(name, new Texts(values.clone(), List.of()));
      return this;
    }

    /**
     * Adds a categorical column given as codes, as a model's row holds it. A baseline fitted on it
     * keeps the categories in this order, so that rows can be recorded as they are.
     *
     * @param name a name not used yet
     * @param codes per row the index into {@code categories}; {@code NaN} is missing, an index
     *     outside the list is the category {@value Baseline#UNKNOWN_CATEGORY}
     * @param categories the texts in index order
     * @return this
     * @throws DriftException if the name is blank or taken or the length differs
     */
    public Builder encoded(String name, double[] codes, List<String> categories) {
      @Nullable String[] values = new String[codes.length];
      Arrays.setAll(values, i -> Baseline.decode(codes[i], categories));
      add(name, values.length);
      columns.put(name, new Texts(values, List.copyOf(categories)));
      return this;
    }

    private void add(String name, int length) {
      if (requireNonNull(name, "name").isBlank()) {
        throw DriftException.invalidInput("a column needs a name, got a blank one");
      }
      if (columns.containsKey(name)) {
        throw DriftException.invalidInput("column '" + name + "' is given twice");
      }
      if (rows >= 0 && rows != length) {
        throw DriftException.invalidInput(
            "column '" + name + "' must have " + rows + " rows like the others, got " + length);
      }
      rows = length;
    }

    /**
     * Builds the table.
     *
     * @return the columns
     * @throws DriftException if no column was added
     */
    public Columns build() {
      if (columns.isEmpty()) {
        throw DriftException.invalidInput("a table needs at least one column, got none");
      }
      return new Columns(new LinkedHashMap<>(columns), rows);
    }
  }

  /** What the values of a feature are. */
  public enum Kind {
    /** Numbers in order; {@code NaN} is a missing value. */
    NUMERIC,
    /** Texts without order; {@code null} is a missing value. */
    CATEGORICAL
  }
}
