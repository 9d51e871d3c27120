package dev.mlops.serving;

/**
 * Hears of every prediction, on the predicting thread. Implementations must be safe for use by
 * several threads, must not block and should not allocate; what they throw is counted and logged
 * once, never passed to the request. Arrays belong to the caller: read them during the call, do not
 * keep or change them.
 */
public interface PredictionListener {

  /**
   * A row was scored.
   *
   * @param model the version that answered
   * @param row the row in schema order
   * @param scores the scores
   * @param nanos how long the call took, divided by its rows
   */
  default void predicted(ServedModel model, double[] row, double[] scores, long nanos) {}

  /**
   * A row was not scored. If a batch fails, each of its rows is told of.
   *
   * @param model the version that was asked
   * @param cause what was thrown to the caller
   * @param nanos how long the call took, divided by its rows
   */
  default void failed(ServedModel model, Throwable cause, long nanos) {}

  /**
   * Another version serves from now on; also called once for the first.
   *
   * @param model the new version
   */
  default void swapped(ServedModel model) {}

  /**
   * A version serves no longer: another was swapped in before, or the model was closed. Calls in
   * flight may still end on it.
   *
   * @param model the version, the instance that {@link #swapped} was told
   */
  default void retired(ServedModel model) {}

  /**
   * A refresh failed; the previous version goes on serving.
   *
   * @param model the version that goes on serving
   * @param cause why the new one was not taken
   */
  default void refreshFailed(ServedModel model, Throwable cause) {}
}
