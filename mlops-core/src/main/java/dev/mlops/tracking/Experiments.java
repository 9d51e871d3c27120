package dev.mlops.tracking;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Names;
import dev.mlops.tracking.internal.StoredExperiments;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Experiments and their runs. Safe for use by several threads and processes that share the store.
 */
public interface Experiments {
  /** What a run does when it is recorded by {@link #run}. */
  @FunctionalInterface
  interface Body<T, E extends Exception> {
    /**
     * Does the work.
     *
     * @param run records it
     * @return the result
     * @throws E if the work fails; the run is closed as failed and the exception passed on
     */
    T apply(Run run) throws E;
  }

  /**
   * Creates empty experiments in memory, for tests and trials.
   *
   * @return experiments with the actor {@code "test"}
   */
  static Experiments inMemory() {
    return builder(ObjectStore.inMemory()).actor("test").build();
  }

  /**
   * Starts experiments on a store, which may be the registry's.
   *
   * @param store holds everything; remains the caller's to close
   * @return a builder
   */
  static Builder builder(ObjectStore store) {
    return new Builder(store);
  }

  /**
   * Starts a run.
   *
   * @param experiment the experiment's name; created if new
   * @param name what to call the run
   * @return the run, which the caller closes
   * @throws dev.mlops.error.InvalidInputException if a name is not valid
   */
  Run start(String experiment, String name);

  /**
   * Runs a body and records it: finished if it returns, failed with its exception if it throws. If
   * that cannot be recorded, the exception says so in a suppressed one.
   *
   * @param experiment the experiment's name; created if new
   * @param name what to call the run
   * @param body the work
   * @param <T> the type of the result
   * @param <E> what the body throws
   * @return what the body returns
   * @throws E what the body throws
   */
  default <T, E extends Exception> T run(String experiment, String name, Body<T, E> body) throws E {
    try (Run run = start(experiment, name)) {
      try {
        T result = body.apply(run);
        run.finish();
        return result;
      } catch (Throwable e) {
        try {
          run.fail(e);
        } catch (MlopsException unrecorded) {
          e.addSuppressed(unrecorded);
        }
        throw e;
      }
    }
  }

  /**
   * Lists the experiments.
   *
   * @return names, sorted
   */
  List<String> names();

  /**
   * Lists the runs of an experiment.
   *
   * @param experiment the experiment's name
   * @return the runs in the order of their ids, which is that of their start
   */
  List<RunRecord> runs(String experiment);

  /**
   * Looks up runs by what they recorded.
   *
   * @param experiment the experiment's name
   * @param query which runs, in which order
   * @return the runs
   */
  default List<RunRecord> search(String experiment, RunQuery query) {
    return query.apply(runs(experiment));
  }

  /**
   * Looks up a run.
   *
   * @param id the run's id
   * @return the run as far as it was written, or empty if there is none
   */
  Optional<RunRecord> find(String id);

  /**
   * Looks up a run that must exist.
   *
   * @param id the run's id
   * @return the run as far as it was written
   * @throws NotFoundException if there is none
   */
  default RunRecord get(String id) {
    return find(id).orElseThrow(() -> new NotFoundException("there is no run '" + id + "'"));
  }

  /**
   * Reads a file of a run, compared with its recorded digest.
   *
   * @param run the run
   * @param artifact the file's name
   * @return the content
   * @throws NotFoundException if the run has no such file
   * @throws dev.mlops.error.CorruptException if the content is not what was kept
   */
  byte[] read(RunRecord run, String artifact);

  /** Collects what experiments need. Not safe for use by several threads. */
  final class Builder {
    private final ObjectStore store;
    private String actor = System.getProperty("user.name", "unknown");
    private Clock clock = Clock.systemUTC();
    private Path checkout = Path.of("");

    private Builder(ObjectStore store) {
      this.store = requireNonNull(store, "store");
    }

    /**
     * Names who is recorded with every run; the operating system's user unless set.
     *
     * @param name not blank, at most 250 characters
     * @return this builder
     */
    public Builder actor(String name) {
      Names.requireEntry("actor", name, "");
      this.actor = name;
      return this;
    }

    /**
     * Sets the clock that stamps runs and metrics.
     *
     * @param value the clock; UTC system time unless set
     * @return this builder
     */
    public Builder clock(Clock value) {
      this.clock = requireNonNull(value, "clock");
      return this;
    }

    /**
     * Says where the code lies, for the commit in the lineage.
     *
     * @param directory in a git checkout; the working directory unless set
     * @return this builder
     */
    public Builder checkout(Path directory) {
      this.checkout = requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Creates the experiments. Reads nothing yet.
     *
     * @return the experiments
     */
    public Experiments build() {
      return new StoredExperiments(store, clock, actor, checkout);
    }
  }
}
