package dev.mlops.examples.quickstart;

import dev.mlops.abtest.error.AbTestException;
import dev.mlops.drift.DriftException;
import dev.mlops.error.MlopsException;
import io.opentelemetry.api.GlobalOpenTelemetry;

/** Runs the lifecycle from the command line. */
public final class Quickstart {

  private Quickstart() {}

  /**
   * Runs the lifecycle once; ends with status 2 and one line of explanation if the input is
   * refused. Telemetry goes to the global OpenTelemetry if a host or an agent has set one.
   *
   * @param args {@code --out=DIR}, and for a table of one's own {@code --csv=FILE} and
   *     {@code --label=COLUMN}
   */
  public static void main(String[] args) {
    try {
      new Lifecycle(Options.parse(args), System.out, GlobalOpenTelemetry.getOrNoop()).run();
    } catch (MlopsException | DriftException | AbTestException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(2);
    }
  }
}
