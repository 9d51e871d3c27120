package dev.mlops.abtest;

import java.io.IOException;
import java.util.List;

/**
 * Where a queueing {@link EventSink} puts its events: a file, a database. Called by one thread at a
 * time.
 */
public interface EventWriter {
  /**
   * Makes a batch durable. When it returns, the events survive the process.
   *
   * @param batch at least one event, in the order they were recorded
   * @throws IOException if they could not be written; the batch counts as dropped
   */
  void write(List<Event> batch) throws IOException;

  /**
   * Releases what the writer holds.
   *
   * @throws IOException if that fails
   */
  default void close() throws IOException {}
}
