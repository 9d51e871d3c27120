package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import java.util.HashSet;
import java.util.List;

/**
 * The columns a model reads, in order, and what it predicts. It is the model's signature: a row is
 * a {@code double[]} with one value per feature in this order, a numeric feature as itself and a
 * categorical one as an index, {@code NaN} for missing. Immutable.
 *
 * @param features the columns in row order, copied
 * @param target what is predicted
 */
public record Schema(List<Feature> features, Target target) {

  /** The index that stands in a row for a text that the schema does not list. */
  public static final int UNKNOWN_CATEGORY = -1;

  /** Creates a schema; every name, the label's too, must be unique. */
  public Schema {
    features = List.copyOf(features);
    requireNonNull(target, "target");
    if (features.isEmpty()) {
      throw new InvalidInputException("a schema needs at least one feature, got none");
    }
    var seen = new HashSet<String>();
    seen.add(target.name());
    for (Feature feature : features) {
      if (!seen.add(feature.name())) {
        throw new InvalidInputException(
            "column '" + feature.name() + "' is named twice in the schema");
      }
    }
  }

  /**
   * Returns the width of a row.
   *
   * @return the number of features
   */
  public int width() {
    return features.size();
  }

  /**
   * Returns where a feature stands in a row.
   *
   * @param feature the feature's name
   * @return its position, from 0
   * @throws NotFoundException if there is no such feature
   */
  public int indexOf(String feature) {
    for (int i = 0; i < features.size(); i++) {
      if (features.get(i).name().equals(feature)) {
        return i;
      }
    }
    throw new NotFoundException("no feature '"
        + feature
        + "'; the features are "
        + features.stream().map(Feature::name).toList());
  }

  /**
   * Returns how many scores a model with this schema gives per row.
   *
   * @return the number of classes, or 1 for a quantity
   */
  public int outputs() {
    return target instanceof Target.Classes classes ? classes.classes().size() : 1;
  }
}
