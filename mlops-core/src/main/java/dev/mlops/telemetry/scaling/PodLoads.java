package dev.mlops.telemetry.scaling;

import dev.mlops.error.InvalidInputException;
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
    ready.forEach(PodLoads::requireLoad);
    if (missing < 0 || unready < 0) {
      throw new InvalidInputException(
          "missing and unready must be >= 0, got " + missing + " and " + unready);
    }
  }

  static double requireLoad(double load) {
    if (!(load >= 0 && load <= 1e12)) {
      throw new InvalidInputException("a load must be between 0 and 1e12, got " + load);
    }
    return load;
  }
}
