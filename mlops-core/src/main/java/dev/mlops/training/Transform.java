package dev.mlops.training;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.List;

/**
 * A change of columns that is fitted on training rows, never on rows held back, and is part of the
 * model that is served. An empty list of columns means every column of the fitting kind. Immutable.
 */
public sealed interface Transform extends Step {

  /**
   * Returns the columns it works on.
   *
   * @return names, or an empty list for every column of the fitting kind
   */
  List<String> columns();

  /** What takes the place of a missing value. */
  enum Fill {
    /** The mean of the present values; for numbers. */
    MEAN,
    /** The median of the present values; for numbers. */
    MEDIAN,
    /** The most frequent value, the smallest of equally frequent ones; for all columns. */
    MOST_FREQUENT
  }

  /**
   * Fills missing values with a statistic of the present ones. With no columns named, categories
   * take their most frequent value whatever the statistic.
   *
   * @param fill the statistic
   * @param columns what to fill, copied
   */
  record Impute(Fill fill, List<String> columns) implements Transform {
    /** Creates a transform. */
    public Impute {
      requireNonNull(fill, "fill");
      columns = List.copyOf(columns);
    }
  }

  /**
   * Fills missing numbers with a constant.
   *
   * @param value the constant, finite
   * @param columns what to fill, copied
   */
  record ImputeConstant(double value, List<String> columns) implements Transform {
    /** Creates a transform. */
    public ImputeConstant {
      if (!Double.isFinite(value)) {
        throw new InvalidInputException("the value to impute must be finite, got " + value);
      }
      columns = List.copyOf(columns);
    }
  }

  /**
   * Fills missing categories with a text of their own, which becomes one more category.
   *
   * @param text the new category
   * @param columns what to fill, copied
   */
  record ImputeText(String text, List<String> columns) implements Transform {
    /** Creates a transform. */
    public ImputeText {
      requireNonNull(text, "text");
      columns = List.copyOf(columns);
    }
  }

  /**
   * Adds for each column a number that is 1 where the value is missing and 0 elsewhere. Comes
   * before the imputation.
   *
   * @param columns what to watch; empty for every column with a missing value in training; copied
   */
  record MissingIndicator(List<String> columns) implements Transform {
    /** Creates a transform. */
    public MissingIndicator {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Centres numbers on their mean and divides them by their standard deviation (with n below the
   * fraction). A constant column is only centred.
   *
   * @param columns what to scale, copied
   */
  record Standardise(List<String> columns) implements Transform {
    /** Creates a transform. */
    public Standardise {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Scales numbers so that the training values run from 0 to 1. A constant column is only shifted.
   *
   * @param columns what to scale, copied
   */
  record MinMaxScale(List<String> columns) implements Transform {
    /** Creates a transform. */
    public MinMaxScale {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Centres numbers on their median and divides them by the distance of the quartiles, so that
   * outliers do not count. A column whose quartiles are equal is only centred.
   *
   * @param columns what to scale, copied
   */
  record RobustScale(List<String> columns) implements Transform {
    /** Creates a transform. */
    public RobustScale {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Replaces a categorical column by one number per category, 1 for the row's category and 0 for
   * the others; all 0 for a category unknown in training.
   *
   * @param columns what to encode, copied
   */
  record OneHot(List<String> columns) implements Transform {
    /** Creates a transform. */
    public OneHot {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Takes the index of a category as a number; -1 for a category unknown in training.
   *
   * @param columns what to encode, copied
   */
  record Ordinal(List<String> columns) implements Transform {
    /** Creates a transform. */
    public Ordinal {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Replaces a number by the index of its bin; the bins hold equally many training values.
   *
   * @param bins how many, at least 2; fewer where quantiles are equal
   * @param columns what to bin, copied
   */
  record QuantileBins(int bins, List<String> columns) implements Transform {
    /** Creates a transform. */
    public QuantileBins {
      Check.atLeast("bins", bins, 2);
      columns = List.copyOf(columns);
    }
  }
}
