package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.internal.Fingerprint;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows with their targets, held by column. Values follow {@link Schema}: a number, the index of a
 * category, or {@code NaN} for missing. Immutable: arrays are copied in and out.
 *
 * <p>Beside its features a table may keep text columns that no model reads, such as a customer id
 * or a date; folds and per-group evaluation use them.
 */
public final class Table {
  private final Schema schema;
  private final double[][] columns;
  private final double[] targets;
  private final Map<String, String[]> kept;

  private Table(Schema schema, double[][] columns, double[] targets, Map<String, String[]> kept) {
    this.schema = schema;
    this.columns = columns;
    this.targets = targets;
    this.kept = kept;
  }

  /**
   * Makes a table of rows.
   *
   * @param schema names the columns of every row
   * @param rows at least one row, each with one value per feature in schema order
   * @param targets one per row: the index of the class, or the quantity
   * @return the table
   * @throws InvalidInputException if a length, a category or class index, or a number is wrong
   */
  public static Table of(Schema schema, double[][] rows, double[] targets) {
    double[][] columns = new double[schema.width()][rows.length];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != schema.width()) {
        throw new InvalidInputException(
            "row " + i + " must have " + schema.width() + " values, got " + rows[i].length);
      }
      for (int j = 0; j < columns.length; j++) {
        columns[j][i] = rows[i][j];
      }
    }
    return ofColumns(schema, columns, targets, Map.of());
  }

  /**
   * Makes a table of columns.
   *
   * @param schema names the columns
   * @param columns one array per feature in schema order, all of one length
   * @param targets one per row: the index of the class, or the quantity
   * @param kept text columns that are not features, by name
   * @return the table
   * @throws InvalidInputException if a length, a category or class index, or a number is wrong
   */
  public static Table ofColumns(
      Schema schema, double[][] columns, double[] targets, Map<String, String[]> kept) {
    requireNonNull(schema, "schema");
    int size = targets.length;
    if (size == 0) {
      throw new InvalidInputException("a table needs at least one row, got none");
    }
    if (columns.length != schema.width()) {
      throw new InvalidInputException(
          "the schema has " + schema.width() + " features, got " + columns.length + " columns");
    }
    double[][] copy = new double[columns.length][];
    for (int j = 0; j < columns.length; j++) {
      Feature feature = schema.features().get(j);
      requireLength(feature.name(), columns[j].length, size);
      copy[j] = columns[j].clone();
      requireValues(feature, copy[j]);
    }
    requireTargets(schema.target(), targets);
    Map<String, String[]> keptCopy = new LinkedHashMap<>();
    new TreeMap<>(kept).forEach((name, texts) -> {
      requireLength(name, texts.length, size);
      keptCopy.put(name, texts.clone());
    });
    return new Table(schema, copy, targets.clone(), keptCopy);
  }

  private static void requireLength(String column, int length, int size) {
    if (length != size) {
      throw new InvalidInputException(
          "column '" + column + "' must have " + size + " values, one per row, got " + length);
    }
  }

  private static void requireValues(Feature feature, double[] values) {
    int categories =
        feature instanceof Feature.Categorical text ? text.categories().size() : Integer.MAX_VALUE;
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      if (Double.isInfinite(value)) {
        throw new InvalidInputException(
            "column '" + feature.name() + "', row " + i + ": must be finite, got " + value);
      }
      if (feature instanceof Feature.Categorical
          && !Double.isNaN(value)
          && (value != Math.rint(value)
              || value < Schema.UNKNOWN_CATEGORY
              || value >= categories)) {
        throw new InvalidInputException(
            "column '%s', row %d: must be a category index from 0 to %d, got %s"
                .formatted(feature.name(), i, categories - 1, value));
      }
    }
  }

  private static void requireTargets(Target target, double[] targets) {
    for (int i = 0; i < targets.length; i++) {
      double value = targets[i];
      if (!Double.isFinite(value)) {
        throw new InvalidInputException(
            "label '" + target.name() + "', row " + i + ": must be finite, got " + value);
      }
      if (target instanceof Target.Classes classes
          && (value != Math.rint(value)
              || value < 0
              || value >= classes.classes().size())) {
        throw new InvalidInputException(
            "label '%s', row %d: must be a class index from 0 to %d, got %s"
                .formatted(target.name(), i, classes.classes().size() - 1, value));
      }
    }
  }

  /**
   * Returns the signature of the rows.
   *
   * @return the schema
   */
  public Schema schema() {
    return schema;
  }

  /**
   * Returns the number of rows.
   *
   * @return at least 1
   */
  public int size() {
    return targets.length;
  }

  /**
   * Returns one value.
   *
   * @param row the row, from 0
   * @param feature the position of the feature in the schema, from 0
   * @return the value, {@code NaN} if missing
   */
  public double value(int row, int feature) {
    return columns[feature][row];
  }

  /**
   * Returns one row.
   *
   * @param row the row, from 0
   * @return a copy, in schema order
   */
  public double[] row(int row) {
    double[] copy = new double[columns.length];
    for (int j = 0; j < copy.length; j++) {
      copy[j] = columns[j][row];
    }
    return copy;
  }

  /**
   * Returns all rows.
   *
   * @return a copy, one array per row in schema order
   */
  public double[][] rows() {
    double[][] copy = new double[size()][columns.length];
    for (int j = 0; j < columns.length; j++) {
      for (int i = 0; i < copy.length; i++) {
        copy[i][j] = columns[j][i];
      }
    }
    return copy;
  }

  /**
   * Returns the values of one feature.
   *
   * @param feature the feature's name
   * @return a copy, one value per row
   * @throws NotFoundException if the schema has no such feature
   */
  public double[] column(String feature) {
    return columns[schema.indexOf(feature)].clone();
  }

  /**
   * Returns the targets.
   *
   * @return a copy: one class index or quantity per row
   */
  public double[] targets() {
    return targets.clone();
  }

  /**
   * Returns one target.
   *
   * @param row the row, from 0
   * @return the class index or the quantity
   */
  public double target(int row) {
    return targets[row];
  }

  /**
   * Returns the names of the kept text columns.
   *
   * @return the names, sorted
   */
  public List<String> kept() {
    return List.copyOf(kept.keySet());
  }

  /**
   * Returns a column as texts: a kept column as it was read, a categorical feature by its category,
   * a number in Java's notation; missing and unknown as an empty text.
   *
   * @param column the name of a kept column or of a feature
   * @return one text per row
   * @throws NotFoundException if there is no such column
   */
  public String[] texts(String column) {
    String[] texts = kept.get(column);
    if (texts != null) {
      return texts.clone();
    }
    int j = schema.indexOf(column);
    Feature feature = schema.features().get(j);
    texts = new String[size()];
    for (int i = 0; i < texts.length; i++) {
      double value = columns[j][i];
      if (Double.isNaN(value)) {
        texts[i] = "";
      } else if (feature instanceof Feature.Categorical text) {
        texts[i] = value < 0 ? "" : text.categories().get((int) value);
      } else {
        texts[i] = Double.toString(value);
      }
    }
    return texts;
  }

  /**
   * Picks rows.
   *
   * @param rows the positions to pick, from 0, in the order wanted; a row may be picked twice
   * @return a table of these rows
   */
  public Table select(int... rows) {
    if (rows.length == 0) {
      throw new InvalidInputException("select needs at least one row, got none");
    }
    double[][] picked = new double[columns.length][];
    for (int j = 0; j < columns.length; j++) {
      picked[j] = pick(columns[j], rows);
    }
    Map<String, String[]> keptPicked = new LinkedHashMap<>();
    kept.forEach((name, texts) ->
        keptPicked.put(name, Arrays.stream(rows).mapToObj(i -> texts[i]).toArray(String[]::new)));
    return new Table(schema, picked, pick(targets, rows), keptPicked);
  }

  private static double[] pick(double[] values, int[] rows) {
    double[] picked = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = values[rows[i]];
    }
    return picked;
  }

  /**
   * Leaves features out.
   *
   * @param features names of features
   * @return a table without them
   * @throws NotFoundException if the schema lacks one of them
   */
  public Table without(String... features) {
    var gone = new ArrayList<Integer>();
    for (String feature : features) {
      gone.add(schema.indexOf(feature));
    }
    var left = new ArrayList<Feature>();
    var leftColumns = new ArrayList<double[]>();
    for (int j = 0; j < columns.length; j++) {
      if (!gone.contains(j)) {
        left.add(schema.features().get(j));
        leftColumns.add(columns[j]);
      }
    }
    return new Table(
        new Schema(left, schema.target()), leftColumns.toArray(double[][]::new), targets, kept);
  }

  /**
   * Replaces one feature's values.
   *
   * @param feature the feature's name
   * @param values one value per row
   * @return a table with the new values
   * @throws NotFoundException if the schema has no such feature
   */
  public Table with(String feature, double[] values) {
    int j = schema.indexOf(feature);
    requireLength(feature, values.length, size());
    requireValues(schema.features().get(j), values);
    double[][] replaced = columns.clone();
    replaced[j] = values.clone();
    return new Table(schema, replaced, targets, kept);
  }

  /**
   * Splits the rows at random in two. With classes the split is stratified: every class is shared
   * out in the same proportion, and a class with at least two rows is on both sides.
   *
   * @param trainShare how much goes to the training side, greater than 0 and less than 1
   * @param seed the same seed on the same table gives the same split
   * @return both sides; within each, rows keep their order
   */
  public Split split(double trainShare, long seed) {
    return Split.stratified(this, trainShare, seed);
  }

  /**
   * Identifies the content: schema, values, targets and kept columns.
   *
   * @return the SHA-256 in lower-case hexadecimal; equal tables have equal fingerprints on every
   *     machine
   */
  public String fingerprint() {
    return Fingerprint.of(schema, columns, targets, Collections.unmodifiableMap(kept));
  }

  @Override
  public String toString() {
    return size() + " rows x " + schema.width() + " features -> "
        + schema.target().name();
  }
}
