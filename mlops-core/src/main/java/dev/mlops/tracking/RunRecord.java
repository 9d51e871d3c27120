package dev.mlops.tracking;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A run as far as it was written when it was read. Immutable.
 *
 * @param id {@code experiment/number}, unique
 * @param experiment the experiment
 * @param name what the user called the run
 * @param status how it stands
 * @param params the parameters
 * @param metrics the last value of each metric: of the points with the highest step, the one that
 *     was logged last
 * @param points all points of all metrics in the order they were logged
 * @param tags the tags
 * @param artifacts the files by name
 * @param lineage where the run came from
 * @param parent the run that this one is part of, if any
 * @param actor who started it
 * @param started when it was started
 * @param ended when it was closed, if it was
 * @param failure why it failed, if it did
 */
public record RunRecord(
    String id,
    String experiment,
    String name,
    RunStatus status,
    Map<String, String> params,
    Map<String, Double> metrics,
    List<MetricPoint> points,
    Map<String, String> tags,
    Map<String, RunArtifact> artifacts,
    Map<String, String> lineage,
    Optional<String> parent,
    String actor,
    Instant started,
    Optional<Instant> ended,
    Optional<String> failure) {
  /** Creates a record; collections are copied. */
  public RunRecord {
    requireNonNull(id, "id");
    requireNonNull(experiment, "experiment");
    requireNonNull(name, "name");
    requireNonNull(status, "status");
    params = sorted(params);
    metrics = sorted(metrics);
    points = List.copyOf(points);
    tags = sorted(tags);
    artifacts = sorted(artifacts);
    lineage = sorted(lineage);
    requireNonNull(parent, "parent");
    requireNonNull(actor, "actor");
    requireNonNull(started, "started");
    requireNonNull(ended, "ended");
    requireNonNull(failure, "failure");
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /**
   * Returns the course of one metric.
   *
   * @param metric the metric's name
   * @return its points in the order they were logged; empty if it was never logged
   */
  public List<MetricPoint> history(String metric) {
    return points.stream().filter(point -> point.name().equals(metric)).toList();
  }
}
