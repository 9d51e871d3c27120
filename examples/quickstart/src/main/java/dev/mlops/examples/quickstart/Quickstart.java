package dev.mlops.examples.quickstart;

import dev.mlops.abtest.error.AbTestException;
import dev.mlops.drift.DriftException;
import dev.mlops.error.MlopsException;

/** Runs the lifecycle from the command line. */
public final class Quickstart {

  private Quickstart() {}

  /**
   * Runs the lifecycle once; ends with status 2 and one line of explanation if the input is
   * refused.
   *
   * @param args {@code --out=DIR}, and for a table of one's own {@code --csv=FILE} and
   *     {@code --label=COLUMN}
   */
  public static void main(String[] args) {
    try {
      new Lifecycle(Options.parse(args), System.out).run();
    } catch (MlopsException | DriftException | AbTestException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(2);
    }
  }
}
