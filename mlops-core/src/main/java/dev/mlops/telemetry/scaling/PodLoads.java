package dev.mlops.telemetry.scaling;

import dev.mlops.error.InvalidInputException;
import java.util.Collections;
import java.util.List;

/**
 * What the replicas report at one moment. Immutable.
 *
 * @param ready the load of every replica that is ready and reported, copied
 * @param missing how many ready replicas did not report
 * @param unready how many replicas are not ready yet
 */
public record PodLoads(List<Double> ready, int missing, int unready) {

  /** Creates loads. */
  public PodLoads {
    ready = List.copyOf(ready);
    for (double load : ready) {
      if (!(load >= 0 && load <= 1e12)) {
        throw new InvalidInputException("a load must be between 0 and 1e12, got " + load);
      }
    }
    if (missing < 0 || unready < 0) {
      throw new InvalidInputException(
          "missing and unready must be >= 0, got " + missing + " and " + unready);
    }
  }

  /**
   * Spreads a total evenly over ready replicas.
   *
   * @param total the load of all together
   * @param replicas how many share it, at least 1
   * @return the loads
   */
  public static PodLoads even(double total, int replicas) {
    if (replicas < 1) {
      throw new InvalidInputException("replicas must be >= 1, got " + replicas);
    }
    return new PodLoads(Collections.nCopies(replicas, total / replicas), 0, 0);
  }
}
