package dev.mlops.training;

import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;

/** What no training can do without. */
final class Guards {
  private Guards() {}

  static void requireLearnable(Table table) {
    if (table.schema().target() instanceof Target.Classes classes) {
      double first = table.target(0);
      for (int i = 1; i < table.size(); i++) {
        if (table.target(i) != first) {
          return;
        }
      }
      throw new InvalidInputException(
          "training needs rows of at least two classes of label '%s', all %d rows are '%s'"
              .formatted(classes.name(), table.size(), classes.classes().get((int) first)));
    }
  }
}
