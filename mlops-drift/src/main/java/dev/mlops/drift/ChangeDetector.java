package dev.mlops.drift;

/**
 * Watches one stream of numbers, such as 0/1 errors or latencies, and says when it changed. Memory
 * is bounded by a constant or, for ADWIN, by the logarithm of the stream.
 *
 * <p>Detectors come from {@link ChangeDetectors}. Not safe for use by several threads.
 */
public interface ChangeDetector {

  /** What a detector says about the stream so far. */
  enum Signal {
    /** No change. */
    STABLE,
    /** A change may be coming. */
    WARNING,
    /** The stream changed. */
    CHANGE
  }

  /**
   * Takes the next value.
   *
   * @param value a finite number; DDM needs 0 or 1, HDDM a value from 0 to 1
   * @return the state after this value
   * @throws DriftException if the value is out of range; the detector is unchanged then
   */
  Signal update(double value);

  /** Forgets everything. */
  void reset();

  /**
   * Writes the state, so that a restart can go on where this left off.
   *
   * @return the state, versioned
   */
  byte[] snapshot();

  /**
   * Takes over a state written by a detector of the same kind and parameters.
   *
   * @param snapshot what {@link #snapshot()} gave
   * @throws DriftException of kind {@code CORRUPT} or {@code NOT_COMPARABLE}; the detector is
   *     unchanged then
   */
  void restore(byte[] snapshot);
}
