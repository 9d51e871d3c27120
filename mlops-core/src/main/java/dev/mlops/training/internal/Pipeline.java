package dev.mlops.training.internal;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * The fitted transforms of a model in order: from a row of the schema to the dense vector that the
 * fitted model reads. Immutable, so safe for use by several threads.
 *
 * @param schema the rows that come in
 * @param steps the transforms, in the order in which they run
 */
public record Pipeline(Schema schema, List<FittedTransform> steps) {
  public Pipeline {
    steps = List.copyOf(steps);
    for (Feature column : columns(schema, steps)) {
      if (column instanceof Feature.Categorical) {
        throw new InvalidInputException("column '"
            + column.name()
            + "' is categorical and no step makes numbers of it; add oneHot() or ordinal()");
      }
    }
  }

  private static List<Feature> columns(Schema schema, List<FittedTransform> steps) {
    return steps.isEmpty() ? schema.features() : steps.get(steps.size() - 1).columns();
  }

  /** Returns the columns of the vector, all numeric. */
  public List<Feature> columns() {
    return columns(schema, steps);
  }

  /** Returns the length of the vector. */
  public int width() {
    return columns().size();
  }

  /**
   * Returns the names under which the vector's elements are known to the fitted model: the position
   * and the column's name. Sorting them as text gives the order of the vector.
   */
  public List<String> featureNames() {
    List<String> names = new ArrayList<>();
    for (Feature column : columns()) {
      names.add("%06d:%s".formatted(names.size(), column.name()));
    }
    return List.copyOf(names);
  }

  /** Returns for each element of the vector the position of the feature that it is made of. */
  public int[] sources() {
    int[] sources = java.util.stream.IntStream.range(0, schema.width()).toArray();
    for (FittedTransform step : steps) {
      sources = step.sources(sources);
    }
    return sources;
  }

  /**
   * Transforms one row.
   *
   * @throws IllegalArgumentException if the row has another length than the schema
   * @throws InvalidInputException if a value is missing and no step fills it
   */
  public double[] apply(double[] row) {
    if (row.length != schema.width()) {
      throw new IllegalArgumentException(
          "a row must have " + schema.width() + " values, got " + row.length);
    }
    double[] current = row;
    for (FittedTransform step : steps) {
      double[] next = new double[step.columns().size()];
      step.apply(current, next);
      current = next;
    }
    for (int j = 0; j < current.length; j++) {
      if (!Double.isFinite(current[j])) {
        throw notFinite(row, j);
      }
    }
    return current == row ? row.clone() : current;
  }

  private InvalidInputException notFinite(double[] row, int element) {
    for (int j = 0; j < row.length; j++) {
      if (Double.isInfinite(row[j])) {
        return new InvalidInputException("feature '%s' must be finite, got %s"
            .formatted(schema.features().get(j).name(), row[j]));
      }
    }
    List<String> missing = new ArrayList<>();
    for (int j = 0; j < row.length; j++) {
      if (Double.isNaN(row[j])) {
        missing.add(schema.features().get(j).name());
      }
    }
    return new InvalidInputException(
        missing.isEmpty()
            ? "column '" + columns().get(element).name() + "' overflows"
            : "features "
                + missing
                + " are missing (NaN) and '"
                + columns().get(element).name()
                + "' is not imputed; add impute() to the recipe or give a value");
  }
}
