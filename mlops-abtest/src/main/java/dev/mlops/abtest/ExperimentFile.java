package dev.mlops.abtest;

import dev.mlops.abtest.error.AbTestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Experiments in a JSON file that may change while the service runs. A change takes effect only as
 * a whole, when {@link #refresh} finds it valid; until then, and after a bad change, the last good
 * experiments stay. Nothing watches the file: call {@code refresh} from a scheduler of yours. Safe
 * for use by several threads.
 */
public final class ExperimentFile {
  private final Path file;
  private final @Nullable EventSink sink;
  private volatile State state;

  private record State(String text, Experiments experiments, Map<String, Assigner> assigners) {}

  private ExperimentFile(Path file, @Nullable EventSink sink) {
    this.file = file;
    this.sink = sink;
    String text = read(file);
    this.state = state(text, Experiments.fromJson(text));
  }

  /**
   * Loads the file.
   *
   * @param file in the format of {@code experiments-v1.schema.json}
   * @return the loaded file
   * @throws AbTestException if the file cannot be read or is not valid
   */
  public static ExperimentFile open(Path file) {
    return new ExperimentFile(file, null);
  }

  /**
   * Loads the file; its assigners record exposures.
   *
   * @param file in the format of {@code experiments-v1.schema.json}
   * @param sink takes each unit's first exposure; the caller closes it
   * @return the loaded file
   * @throws AbTestException if the file cannot be read or is not valid
   */
  public static ExperimentFile open(Path file, EventSink sink) {
    return new ExperimentFile(file, sink);
  }

  /**
   * The experiments in force.
   *
   * @return the last good ones
   */
  public Experiments experiments() {
    return state.experiments();
  }

  /**
   * The assigner in force. Ask again for every request; the lookup is one read and one map access.
   *
   * @param experiment the experiment's key
   * @return its assigner
   * @throws AbTestException.InvalidInput if there is no such experiment
   */
  public Assigner assigner(String experiment) {
    State now = state;
    Assigner assigner = now.assigners().get(experiment);
    return assigner != null ? assigner : Assigner.of(now.experiments().get(experiment));
  }

  /**
   * Reads the file again.
   *
   * @return true if it changed and the change is now in force
   * @throws AbTestException.Unavailable if it cannot be read
   * @throws AbTestException.Corrupt if it is not that format
   * @throws AbTestException.InvalidInput if an experiment breaks a rule
   * @throws AbTestException.Conflict if a running experiment changed without a new epoch
   */
  public synchronized boolean refresh() {
    String text = read(file);
    if (text.equals(state.text())) {
      return false;
    }
    Experiments next = Experiments.fromJson(text);
    for (Experiment e : next.all()) {
      Assigner running = state.assigners().get(e.key());
      if (running != null) {
        checkSuccession(running.experiment(), e);
      }
    }
    state = state(text, next);
    return true;
  }

  /** Weights or traffic that change under one epoch number would be pooled by the analysis. */
  private static void checkSuccession(Experiment running, Experiment next) {
    if (next.epoch() < running.epoch()) {
      throw new AbTestException.Conflict("experiment '%s' is in epoch %d, the file has epoch %d"
          .formatted(next.key(), running.epoch(), next.epoch()));
    }
    boolean same = next.variants().equals(running.variants())
        && next.traffic() == running.traffic()
        && next.salt().equals(running.salt())
        && next.hashScheme() == running.hashScheme()
        && next.stableWeights() == running.stableWeights()
        && next.slice().equals(running.slice());
    if (next.epoch() == running.epoch() && !same) {
      throw new AbTestException.Conflict("experiment '%s' changed from %s to %s without a new epoch"
          .formatted(next.key(), running, next));
    }
    if (next.epoch() > running.epoch()
        && !next.weightHistory().keySet().containsAll(running.weightHistory().keySet())) {
      throw new AbTestException.Conflict(
          "experiment '%s': epoch %d must list the earlier epochs %s, it has %s"
              .formatted(
                  next.key(),
                  next.epoch(),
                  running.weightHistory().keySet(),
                  next.weightHistory().keySet()));
    }
  }

  private State state(String text, Experiments experiments) {
    Map<String, Assigner> assigners = new HashMap<>();
    for (Experiment e : experiments.all()) {
      assigners.put(e.key(), sink == null ? Assigner.of(e) : Assigner.of(e, sink));
    }
    return new State(text, experiments, Map.copyOf(assigners));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AbTestException.Unavailable("cannot read experiments from " + file, e);
    }
  }
}
