package dev.mlops.tracking.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.error.ConflictException;
import dev.mlops.store.internal.Digests;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Names;
import dev.mlops.store.internal.Sealed;
import dev.mlops.tracking.MetricPoint;
import dev.mlops.tracking.Run;
import dev.mlops.tracking.RunArtifact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * A write that failed may have been applied. So a segment that a write was tried with never changes
 * again: it waits, whole, in front of those that follow, and the next write begins with the same
 * bytes. It is the same with the end: from the first try to close it, the run takes no more.
 */

/** Buffers entries and writes them in segments. Safe for use by several threads. */
final class StoredRun implements Run {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int MAX_FAILURE = 2000;

  private final StoredExperiments experiments;
  private final RunKeys keys;
  private final Map<String, String> lineage;
  private final Object lock = new Object();
  // Guarded by lock:
  private final SegmentBuffer buffer = new SegmentBuffer();
  private final Deque<byte[]> unwritten = new ArrayDeque<>();
  private final Map<String, String> params = new HashMap<>();
  private Instant writeAfter;
  private int segments;
  private boolean finished;
  private @Nullable ObjectNode end;
  private boolean closed;

  StoredRun(StoredExperiments experiments, RunKeys keys, Map<String, String> lineage) {
    this.experiments = experiments;
    this.keys = keys;
    this.lineage = Map.copyOf(lineage);
    this.writeAfter = experiments.now().plus(LONGEST_WAIT);
  }

  @Override
  public String id() {
    return keys.id();
  }

  @Override
  public Map<String, String> lineage() {
    return lineage;
  }

  @Override
  public Run param(String name, Object value) {
    String text = String.valueOf(requireNonNull(value, name));
    Names.requireEntry("parameter", name, text);
    synchronized (lock) {
      requireOpen();
      String before = params.putIfAbsent(name, text);
      if (before == null) {
        add(new Entry.Param(name, text), experiments.now());
      } else if (!before.equals(text)) {
        throw new ConflictException("parameter '" + name + "' of run " + id() + " is '" + before
            + "' and cannot become '" + text + "'");
      }
    }
    return this;
  }

  @Override
  public Run metric(String name, double value, long step) {
    Names.requireEntry("metric", name, "");
    Instant now = experiments.now();
    synchronized (lock) {
      requireOpen();
      add(new Entry.Metric(new MetricPoint(name, value, step, now)), now);
    }
    return this;
  }

  @Override
  public Run tag(String key, String value) {
    Names.requireEntry("tag", key, value);
    synchronized (lock) {
      requireOpen();
      add(new Entry.Tag(key, value), experiments.now());
    }
    return this;
  }

  @Override
  public Run artifact(String name, byte[] content) {
    Names.requireEntry("artifact", name, "");
    String digest = Digests.sha256(content);
    synchronized (lock) {
      requireOpen();
      SingleWriter.put(experiments.store(), keys.artifact(digest), content);
      add(new Entry.Kept(new RunArtifact(name, digest, content.length)), experiments.now());
    }
    return this;
  }

  @Override
  public Run child(String name) {
    return experiments.start(keys.experiment(), name, id());
  }

  private void requireOpen() {
    if (end != null) {
      throw new ConflictException("run " + id() + " is closed");
    }
  }

  private void add(Entry entry, Instant now) {
    buffer.add(entry);
    if (buffer.isFull() || now.isAfter(writeAfter)) {
      write();
    }
  }

  @Override
  public void flush() {
    synchronized (lock) {
      write();
    }
  }

  private void write() {
    if (!buffer.isEmpty()) {
      unwritten.add(buffer.take());
    }
    for (byte[] segment; (segment = unwritten.peek()) != null; unwritten.remove()) {
      SingleWriter.put(experiments.store(), keys.segment(segments + 1), segment);
      segments++;
      writeAfter = experiments.now().plus(LONGEST_WAIT);
    }
  }

  @Override
  public void finish() {
    synchronized (lock) {
      requireOpen();
      finished = true;
    }
  }

  @Override
  public void fail(Throwable cause) {
    String text = String.valueOf(requireNonNull(cause, "cause"));
    end("failed", text.substring(0, Math.min(text.length(), MAX_FAILURE)));
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (finished) {
        end("finished", "");
      } else {
        end("failed", "closed without finish()");
      }
    }
  }

  private void end(String status, String failure) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (end == null) {
        end = Json.object()
            .put("formatVersion", 1)
            .put("status", status)
            .put("at", experiments.now().toString());
        if (!failure.isEmpty()) {
          end.put("failure", failure);
        }
      }
      write();
      byte[] content = Sealed.seal(Json.write(end.put("segments", segments)));
      SingleWriter.put(experiments.store(), keys.end(), content);
      closed = true;
    }
  }
}
