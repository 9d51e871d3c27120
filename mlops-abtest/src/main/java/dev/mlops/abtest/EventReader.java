package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.analysis.OutcomeNames;
import dev.mlops.abtest.internal.event.EventFiles;
import dev.mlops.abtest.internal.event.EventJoiner;
import dev.mlops.abtest.internal.event.UnitJoin;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Turns events back into sufficient statistics. Events may come in any order, twice, or from
 * several files and processes: the answer is the same. Units are joined in 256 parts through
 * temporary files, so memory does not grow with their number: it holds one part. Immutable.
 *
 * <p>A unit belongs to the epoch and variant of its first exposure and brings its outcomes from
 * then on; covariates count whenever they happened. Where a later epoch changed the weights,
 * outcomes stop counting when that epoch starts, for all units of the earlier one alike.
 */
public final class EventReader {
  private final Experiment experiment;
  private final AnalysisPlan plan;
  private final long window;

  private EventReader(Experiment experiment, AnalysisPlan plan, long window) {
    this.experiment = experiment;
    this.plan = plan;
    this.window = window;
  }

  /**
   * What was read.
   *
   * @param data sufficient statistics for the plan's metrics
   * @param exposures of this experiment
   * @param outcomes that the plan reads
   * @param unrelated events of other experiments, unknown variants or epochs, or unused outcomes
   * @param duplicates events that came more than once
   * @param repeatedExposures exposures after a unit's first
   * @param outOfOrder events dated before one that was read earlier
   * @param beforeExposure outcomes before the unit's first exposure, not counted
   * @param late outcomes after the window or after the weights changed, not counted
   * @param unknownUnit outcomes of units never exposed, not counted
   * @param overrides units with a fixed variant, left out
   * @param moved units that changed their variant when the weights changed, as they may
   * @param multipleExposures units seen in several variants though they may not, left out
   * @param tornLines last lines without an end, as a crash leaves them, skipped
   * @param corruptLines other lines that are not an event, skipped
   */
  public record Result(
      ExperimentData data,
      long exposures,
      long outcomes,
      long unrelated,
      long duplicates,
      long repeatedExposures,
      long outOfOrder,
      long beforeExposure,
      long late,
      long unknownUnit,
      long overrides,
      long moved,
      long multipleExposures,
      long tornLines,
      long corruptLines) {}

  /**
   * A reader for one experiment.
   *
   * @param experiment in its current epoch
   * @param plan says which outcomes are wanted
   * @return the reader
   */
  public static EventReader of(Experiment experiment, AnalysisPlan plan) {
    return new EventReader(experiment, plan, Long.MAX_VALUE);
  }

  /**
   * A reader that counts outcomes only for a while after a unit's first exposure.
   *
   * @param duration positive
   * @return the reader
   */
  public EventReader window(Duration duration) {
    return new EventReader(
        experiment, plan, Checks.atLeast("window in milliseconds", 1, duration.toMillis()));
  }

  /**
   * Reads the files a sink wrote into a directory.
   *
   * @param directory with files named {@code *.jsonl}
   * @return statistics and counts
   * @throws dev.mlops.abtest.error.AbTestException.Unavailable if the directory cannot be read
   * @throws dev.mlops.abtest.error.AbTestException.Corrupt if an event has an unknown format
   *     version
   */
  public Result read(Path directory) {
    EventFiles files = new EventFiles();
    try (EventJoiner joiner = joiner()) {
      files.read(directory, joiner::add);
      return result(joiner, files);
    }
  }

  /**
   * Reads events in memory.
   *
   * @param events in any order
   * @return statistics and counts
   */
  public Result read(Iterable<Event> events) {
    try (EventJoiner joiner = joiner()) {
      events.forEach(joiner::add);
      return result(joiner, new EventFiles());
    }
  }

  private EventJoiner joiner() {
    return new EventJoiner(
        experiment.key(),
        experiment.variants().stream().map(Variant::key).toList(),
        experiment.weightHistory(),
        new OutcomeNames(plan.metrics()));
  }

  private Result result(EventJoiner joiner, EventFiles files) {
    ExperimentData.Builder data = ExperimentData.builder(plan);
    joiner.forEachUnit(
        window, (epoch, variant, outcomes) -> data.cell(epoch, variant).addUnit(outcomes));
    UnitJoin.Tally t = joiner.tally();
    data.addMultipleExposures(t.multipleExposures);
    return new Result(
        data.build(),
        joiner.exposures,
        joiner.outcomes,
        joiner.unrelated,
        t.duplicates,
        t.repeatedExposures,
        joiner.outOfOrder,
        t.beforeExposure,
        t.late,
        t.unknownUnit,
        t.overrides,
        t.moved,
        t.multipleExposures,
        files.torn(),
        files.corrupt());
  }
}
