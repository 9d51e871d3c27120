package dev.mlops.data.internal;

import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows of a table by the time in one column: by number if all are numbers, else by text. */
public final class TimeOrder {
  private final String[] texts;
  private final double @Nullable [] numbers;
  private final int[] rows;

  public TimeOrder(Table table, String column) {
    texts = table.texts(column);
    for (int i = 0; i < texts.length; i++) {
      if (texts[i].isEmpty()) {
        throw new InvalidInputException(
            "column '" + column + "' orders the rows by time; row " + i + " has no value");
      }
    }
    numbers = numbers(texts);
    rows = IntStream.range(0, texts.length)
        .boxed()
        .sorted(comparator())
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double @Nullable [] numbers(String[] texts) {
    double[] numbers = new double[texts.length];
    for (int i = 0; i < texts.length; i++) {
      if (!Numbers.isNumber(texts[i])) {
        return null;
      }
      numbers[i] = Numbers.parse(texts[i]);
    }
    return numbers;
  }

  private Comparator<Integer> comparator() {
    double[] values = numbers;
    return values != null
        ? Comparator.comparingDouble((Integer i) -> values[i])
        : Comparator.comparing((Integer i) -> texts[i]);
  }

  /** Returns the rows, earliest first; rows of equal time keep their order. */
  public int[] rows() {
    return rows.clone();
  }

  /** Tells whether two rows have the same time. */
  public boolean same(int a, int b) {
    return numbers != null ? numbers[a] == numbers[b] : texts[a].equals(texts[b]);
  }
}
