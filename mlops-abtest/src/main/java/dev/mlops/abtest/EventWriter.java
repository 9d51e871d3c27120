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
   * @throws PartlyWritten if some of them could not be written; those count as dropped
   * @throws IOException if they could not be written; the batch counts as dropped
   */
  void write(List<Event> batch) throws IOException;

  /**
   * Releases what the writer holds.
   *
   * @throws IOException if that fails
   */
  default void close() throws IOException {}

  /** Part of a batch is durable and the rest is lost. */
  final class PartlyWritten extends IOException {
    private static final long serialVersionUID = 1L;

    private final int lost;

    /**
     * Says so.
     *
     * @param message why the rest is lost
     * @param lost how many events are, at least 1
     */
    public PartlyWritten(String message, int lost) {
      super(message);
      this.lost = lost;
    }

    /**
     * How many events are lost.
     *
     * @return at least 1
     */
    public int lost() {
      return lost;
    }
  }
}
