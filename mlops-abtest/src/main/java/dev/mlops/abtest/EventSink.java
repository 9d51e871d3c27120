package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.event.FileEventWriter;
import dev.mlops.abtest.internal.event.QueueingEventSink;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * Takes exposures and outcomes off the request path. Recording never blocks and never throws: what
 * does not fit is dropped and counted. Repeated exposures of a unit are filtered in bounded memory;
 * a unit that was forgotten is recorded again, and the reader counts it once. Safe for use by
 * several threads.
 *
 * <pre>{@code
 * try (EventSink sink = EventSink.toDirectory(path).open()) {
 *   Assigner assigner = Assigner.of(experiment, sink);
 *   assigner.expose("user-42");
 *   sink.outcome("user-42", "conversion", 1);
 * }
 * }</pre>
 */
public interface EventSink extends AutoCloseable {
  /**
   * What became of the events.
   *
   * @param accepted taken into the queue
   * @param repeated exposures of a unit that was already exposed to the same variant
   * @param dropped lost because the queue was full, the sink closed or the writer failed
   * @param written durable: they survive the process
   */
  record Counts(long accepted, long repeated, long dropped, long written) {}

  /**
   * Records that a unit saw its variant. Does nothing for a unit outside the experiment.
   *
   * @param unitId the randomised unit
   * @param assignment what it got
   * @return false if the event was dropped
   */
  boolean exposure(String unitId, Assignment assignment);

  /**
   * Records an outcome.
   *
   * @param unitId the randomised unit
   * @param name the outcome's name
   * @param value any number
   * @return false if the event was dropped
   */
  boolean outcome(String unitId, String name, double value);

  /**
   * What became of the events so far.
   *
   * @return a snapshot
   */
  Counts counts();

  /**
   * Events lost so far.
   *
   * @return 0 or more
   */
  default long dropped() {
    return counts().dropped();
  }

  /**
   * Waits until everything recorded before is durable or dropped.
   *
   * @param timeout how long to wait
   * @return false if the time ran out
   */
  boolean flush(Duration timeout);

  /**
   * Stops taking events and writes what is queued.
   *
   * @param timeout how long to wait
   * @return false if the time ran out; what was left counts as dropped, also what the writer holds,
   *     until that turns out to be written after all
   */
  boolean close(Duration timeout);

  /** Closes, waiting up to ten seconds. */
  @Override
  default void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * A sink that keeps its events in memory, for tests and small experiments.
   *
   * @param capacity the most events it keeps; more are dropped
   * @return the sink
   */
  static InMemoryEventSink inMemory(int capacity) {
    return new InMemoryEventSink(capacity, Clock.systemUTC());
  }

  /**
   * A sink that appends JSON lines to files in a directory. A batch is forced to disk before its
   * events count as written; a file is never reopened, so a line torn by a crash stays the last
   * one.
   *
   * @param directory created if absent
   * @return a builder
   */
  static Builder toDirectory(Path directory) {
    return new Builder(Objects.requireNonNull(directory, "directory"), null);
  }

  /**
   * A sink over another store.
   *
   * @param writer makes batches durable
   * @return a builder
   */
  static Builder to(EventWriter writer) {
    return new Builder(null, Objects.requireNonNull(writer, "writer"));
  }

  /** Settings of a queueing sink. Not safe for use by several threads. */
  final class Builder {
    private final @org.jspecify.annotations.Nullable Path directory;
    private final @org.jspecify.annotations.Nullable EventWriter writer;
    private int queueCapacity = 65_536;
    private int rememberedUnits = 262_144;
    private long maxFileBytes = 128L << 20;
    private Clock clock = Clock.systemUTC();

    private Builder(
        @org.jspecify.annotations.Nullable Path directory,
        @org.jspecify.annotations.Nullable EventWriter writer) {
      this.directory = directory;
      this.writer = writer;
    }

    /**
     * Sets how many events may wait to be written; 65,536 unless set.
     *
     * @param events at least 1
     * @return this builder
     */
    public Builder queueCapacity(int events) {
      this.queueCapacity = (int) Checks.atLeast("queue capacity", 1, events);
      return this;
    }

    /**
     * Sets for how many units repeated exposures are filtered, eight bytes each; 262,144 unless
     * set.
     *
     * @param units at least 8
     * @return this builder
     */
    public Builder rememberedUnits(int units) {
      this.rememberedUnits = (int) Checks.atLeast("remembered units", 8, units);
      return this;
    }

    /**
     * Sets the size at which a new file is started; 128 MiB unless set.
     *
     * @param bytes at least 1,024
     * @return this builder
     */
    public Builder maxFileBytes(long bytes) {
      this.maxFileBytes = Checks.atLeast("maximum file bytes", 1024, bytes);
      return this;
    }

    /**
     * Sets the clock that dates events.
     *
     * @param newClock the clock
     * @return this builder
     */
    public Builder clock(Clock newClock) {
      this.clock = Objects.requireNonNull(newClock, "clock");
      return this;
    }

    /**
     * Opens the sink and starts its writing thread.
     *
     * @return the sink
     * @throws dev.mlops.abtest.error.AbTestException.Unavailable if the directory cannot be used
     */
    public EventSink open() {
      EventWriter target = writer != null
          ? writer
          : FileEventWriter.in(Objects.requireNonNull(directory, "directory"), maxFileBytes, clock);
      return new QueueingEventSink(target, queueCapacity, rememberedUnits, clock);
    }
  }
}
