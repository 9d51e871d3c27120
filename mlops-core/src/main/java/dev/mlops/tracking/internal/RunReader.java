package dev.mlops.tracking.internal;

import dev.mlops.error.CorruptException;
import dev.mlops.store.internal.Json;
import dev.mlops.tracking.MetricPoint;
import dev.mlops.tracking.RunArtifact;
import dev.mlops.tracking.RunRecord;
import dev.mlops.tracking.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Puts a run's objects together. One instance per read. */
final class RunReader {
  private final RunKeys keys;
  private final Json start;
  private final Map<String, String> params = new HashMap<>();
  private final Map<String, String> tags = new HashMap<>();
  private final Map<String, RunArtifact> artifacts = new HashMap<>();
  private final Map<String, MetricPoint> last = new HashMap<>();
  private final List<MetricPoint> points = new ArrayList<>();

  RunReader(RunKeys keys, Json start) {
    this.keys = keys;
    this.start = start;
  }

  RunRecord read(Function<String, Optional<Json>> objects) {
    Optional<Json> end = objects.apply(keys.end()); // first: all that it counts is there then
    int segments = 0;
    Optional<Json> segment;
    while ((segment = objects.apply(keys.segment(segments + 1))).isPresent()) {
      segment.get().children("entries").forEach(entry -> add(Entry.read(entry)));
      segments++;
    }
    RunStatus status = RunStatus.RUNNING;
    if (end.isPresent()) {
      if (end.get().intValue("segments") > segments) {
        throw new CorruptException("run " + keys.id() + " was closed with "
            + end.get().intValue("segments") + " segments, " + segments + " are there");
      }
      status = end.get().text("status").equals("finished") ? RunStatus.FINISHED : RunStatus.FAILED;
    }
    var metrics = new HashMap<String, Double>();
    last.forEach((name, point) -> metrics.put(name, point.value()));
    Optional<Instant> ended = end.map(node -> node.instant("at"));
    return new RunRecord(
        keys.id(),
        keys.experiment(),
        start.text("name"),
        status,
        params,
        metrics,
        points,
        tags,
        artifacts,
        start.textMap("lineage"),
        start.optionalText("parent"),
        start.text("actor"),
        start.instant("at"),
        ended,
        end.flatMap(node -> node.optionalText("failure")));
  }

  private void add(Entry entry) {
    if (entry instanceof Entry.Param param) {
      params.put(param.name(), param.value());
    } else if (entry instanceof Entry.Tag tag) {
      tags.put(tag.key(), tag.value());
    } else if (entry instanceof Entry.Kept kept) {
      artifacts.put(kept.artifact().name(), kept.artifact());
    } else if (entry instanceof Entry.Metric metric) {
      MetricPoint point = metric.point();
      points.add(point);
      last.merge(point.name(), point, (old, now) -> now.step() >= old.step() ? now : old);
    }
  }
}
