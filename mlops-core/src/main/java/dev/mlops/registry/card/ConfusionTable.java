package dev.mlops.registry.card;

import dev.mlops.error.InvalidInputException;
import java.util.List;

/**
 * Counts of truth against prediction. Immutable.
 *
 * @param classes the classes in order
 * @param counts one row per true class, one column per predicted class
 */
public record ConfusionTable(List<String> classes, List<List<Long>> counts) {
  /** Creates a table; it must be square. */
  public ConfusionTable {
    classes = List.copyOf(classes);
    counts = counts.stream().map(List::copyOf).toList();
    int size = classes.size();
    if (counts.size() != size || counts.stream().anyMatch(row -> row.size() != size)) {
      throw new InvalidInputException(
          "a confusion table of " + size + " classes needs as many rows and columns");
    }
  }
}
