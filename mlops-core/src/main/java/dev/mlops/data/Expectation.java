package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.List;

/** One rule that data must follow. Immutable. */
public sealed interface Expectation {

  /**
   * Returns the column that the rule is about.
   *
   * @return a feature or a kept column; empty for rules about the whole table
   */
  String column();

  /**
   * Every present number lies in a range.
   *
   * @param column a numeric feature
   * @param min the least value, may be negative infinity
   * @param max the greatest value, may be infinity
   */
  record Range(String column, double min, double max) implements Expectation {
    /** Creates a rule. */
    public Range {
      requireNonNull(column, "column");
      if (!(min <= max)) {
        throw new InvalidInputException(
            "the range of '" + column + "' needs min <= max, got " + min + " and " + max);
      }
    }
  }

  /**
   * At most this share of the values is missing.
   *
   * @param column a feature
   * @param max from 0 to 1; 0 means that no value may be missing
   */
  record MissingShare(String column, double max) implements Expectation {
    /** Creates a rule. */
    public MissingShare {
      requireNonNull(column, "column");
      if (!(max >= 0 && max <= 1)) {
        throw new InvalidInputException(
            "the missing share of '" + column + "' must be from 0 to 1, got " + max);
      }
    }
  }

  /**
   * Every present value is one of a list.
   *
   * @param column a feature or a kept column
   * @param values the allowed texts, copied
   */
  record OneOf(String column, List<String> values) implements Expectation {
    /** Creates a rule. */
    public OneOf {
      requireNonNull(column, "column");
      values = List.copyOf(values);
    }
  }

  /**
   * No value occurs twice.
   *
   * @param column a feature or a kept column
   */
  record Unique(String column) implements Expectation {
    /** Creates a rule. */
    public Unique {
      requireNonNull(column, "column");
    }
  }

  /**
   * The mean of the present numbers lies in a range.
   *
   * @param column a numeric feature
   * @param min the least mean
   * @param max the greatest mean
   */
  record Mean(String column, double min, double max) implements Expectation {
    /** Creates a rule. */
    public Mean {
      requireNonNull(column, "column");
      if (!(min <= max)) {
        throw new InvalidInputException(
            "the mean of '" + column + "' needs min <= max, got " + min + " and " + max);
      }
    }
  }

  /**
   * The table has a number of rows in a range.
   *
   * @param min at least 0
   * @param max at least {@code min}
   */
  record RowCount(long min, long max) implements Expectation {
    /** Creates a rule. */
    public RowCount {
      if (min < 0 || max < min) {
        throw new InvalidInputException(
            "the row count needs 0 <= min <= max, got " + min + " and " + max);
      }
    }

    @Override
    public String column() {
      return "";
    }
  }

  /**
   * Every class has at least this share of the rows.
   *
   * @param min from 0 to 1
   */
  record ClassShare(double min) implements Expectation {
    /** Creates a rule. */
    public ClassShare {
      if (!(min >= 0 && min <= 1)) {
        throw new InvalidInputException("the class share must be from 0 to 1, got " + min);
      }
    }

    @Override
    public String column() {
      return "";
    }
  }
}
