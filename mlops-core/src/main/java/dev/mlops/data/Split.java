package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.internal.Shuffle;
import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A table in two parts: one to learn from, one to be judged on. Immutable.
 *
 * @param train the rows to learn from
 * @param test the rows held back
 */
public record Split(Table train, Table test) {
  /** Creates a split. */
  public Split {
    requireNonNull(train, "train");
    requireNonNull(test, "test");
  }

  static Split stratified(Table table, double trainShare, long seed) {
    if (!(trainShare > 0 && trainShare < 1)) {
      throw new InvalidInputException(
          "the training share must be greater than 0 and less than 1, got " + trainShare);
    }
    if (table.size() < 2) {
      throw new InvalidInputException("a split needs at least 2 rows, got " + table.size());
    }
    boolean classes = table.schema().target() instanceof Target.Classes;
    int strata = classes ? table.schema().outputs() : 1;
    var random = Shuffle.random(seed);
    boolean[] train = new boolean[table.size()];
    for (int c = 0; c < strata; c++) {
      int wanted = c;
      int[] rows = IntStream.range(0, table.size())
          .filter(i -> !classes || (int) table.target(i) == wanted)
          .toArray();
      Shuffle.inPlace(rows, random);
      int take = (int) Math.round(trainShare * rows.length);
      if (rows.length >= 2) {
        take = Math.max(1, Math.min(rows.length - 1, take));
      }
      for (int i = 0; i < take; i++) {
        train[rows[i]] = true;
      }
    }
    int[] all = IntStream.range(0, table.size()).toArray();
    return new Split(
        table.select(Arrays.stream(all).filter(i -> train[i]).toArray()),
        table.select(Arrays.stream(all).filter(i -> !train[i]).toArray()));
  }

  /**
   * Splits by time: the earliest rows to learn from, the latest to be judged on.
   *
   * @param table the rows
   * @param column a kept column or feature that orders the rows: numbers by value, other texts (ISO
   *     dates) by their characters; rows of equal time stay together on the training side
   * @param trainShare how much goes to the training side, greater than 0 and less than 1
   * @return both sides in time order
   */
  public static Split byTime(Table table, String column, double trainShare) {
    if (!(trainShare > 0 && trainShare < 1)) {
      throw new InvalidInputException(
          "the training share must be greater than 0 and less than 1, got " + trainShare);
    }
    var order = new dev.mlops.data.internal.TimeOrder(table, column);
    int[] rows = order.rows();
    int cut = Math.max(1, (int) Math.round(trainShare * rows.length));
    while (cut < rows.length && order.same(rows[cut - 1], rows[cut])) {
      cut++;
    }
    if (cut >= rows.length) {
      throw new InvalidInputException("column '" + column
          + "' leaves no later row to test on; every row after the cut has" + " the same time");
    }
    return new Split(
        table.select(Arrays.copyOfRange(rows, 0, cut)),
        table.select(Arrays.copyOfRange(rows, cut, rows.length)));
  }
}
