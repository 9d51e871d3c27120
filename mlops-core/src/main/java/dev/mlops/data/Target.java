package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.HashSet;
import java.util.List;

/** What a model predicts: one of several classes, or a number. Immutable. */
public sealed interface Target {

  /**
   * Returns the label column.
   *
   * @return the column name
   */
  String name();

  /**
   * One of at least two classes. A row's target is the index in {@code classes}; scores come in the
   * same order. Of two classes the second is the positive one.
   *
   * @param name the label column
   * @param classes the classes in index order, copied
   */
  record Classes(String name, List<String> classes) implements Target {
    /** Creates a classification target. */
    public Classes {
      requireNonNull(name, "name");
      classes = List.copyOf(classes);
      if (classes.size() < 2) {
        throw new InvalidInputException(
            "label '" + name + "' needs at least two classes, got " + classes);
      }
      if (new HashSet<>(classes).size() != classes.size()) {
        throw new InvalidInputException("label '" + name + "' lists a class twice: " + classes);
      }
    }
  }

  /**
   * A number.
   *
   * @param name the label column
   */
  record Quantity(String name) implements Target {
    /** Creates a regression target. */
    public Quantity {
      requireNonNull(name, "name");
    }
  }
}
