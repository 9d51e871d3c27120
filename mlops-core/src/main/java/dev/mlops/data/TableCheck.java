package dev.mlops.data;

import dev.mlops.data.internal.TrapSearch;
import java.util.List;

/**
 * Looks for traps in a training table that no model can warn of: columns that carry nothing, say
 * the same twice, or give the answer away.
 */
public final class TableCheck {
  private TableCheck() {}

  /** What is suspicious. */
  public enum Trap {
    /** All values of a feature are equal or missing. */
    CONSTANT_FEATURE,
    /** A feature has the same values as an earlier one. */
    DUPLICATE_COLUMN,
    /**
     * A feature decides the label on its own: equal to it, or separating the classes without one
     * error. Nearly always it was recorded after the fact.
     */
    LABEL_LEAKAGE,
    /** A class has fewer than ten rows. */
    RARE_CLASS,
    /** All rows have one class, or one quantity. */
    ONE_CLASS
  }

  /**
   * One trap.
   *
   * @param trap its kind
   * @param column the column, or the class for {@link Trap#RARE_CLASS}
   * @param message what was found and what to do
   */
  public record Warning(Trap trap, String column, String message) {}

  /**
   * Searches a table.
   *
   * @param table the training rows
   * @return what was found, in the order of the columns
   */
  public static List<Warning> of(Table table) {
    return TrapSearch.of(table);
  }
}
