package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.HashSet;
import java.util.List;

/** One column that a model reads: its name and what its values mean. Immutable. */
public sealed interface Feature {

  /**
   * Returns the column name.
   *
   * @return the name, unique within a schema
   */
  String name();

  /**
   * A number. {@code NaN} in a row means that the value is missing.
   *
   * @param name the column name
   */
  record Numeric(String name) implements Feature {
    /** Creates a numeric feature. */
    public Numeric {
      requireName(name);
    }
  }

  /**
   * One of a fixed set of texts. In a row it is the index of the text in {@code categories};
   * {@code NaN} means missing and {@link Schema#UNKNOWN_CATEGORY} a text that was not seen in
   * training.
   *
   * @param name the column name
   * @param categories the known texts in index order, copied
   */
  record Categorical(String name, List<String> categories) implements Feature {
    /** Creates a categorical feature. */
    public Categorical {
      requireName(name);
      categories = List.copyOf(categories);
      if (new HashSet<>(categories).size() != categories.size()) {
        throw new InvalidInputException(
            "feature '" + name + "' lists a category twice: " + categories);
      }
    }
  }

  private static void requireName(String name) {
    if (requireNonNull(name, "name").isBlank()) {
      throw new InvalidInputException("a feature needs a name, got a blank one");
    }
  }
}
