package dev.mlops.registry;

/**
 * Tells a listener of each later event of a model, once and in order. Looking costs one read of the
 * store if nothing happened. Safe for use by several threads.
 */
public interface Watch extends AutoCloseable {
  /**
   * Looks for new events and tells the listener of each, on the calling thread. What the listener
   * throws is passed on, and that event is told again next time.
   *
   * @return how many events were told
   * @throws dev.mlops.error.UnavailableException if the store does not answer
   */
  int poll();

  /** Stops looking. */
  @Override
  void close();
}
