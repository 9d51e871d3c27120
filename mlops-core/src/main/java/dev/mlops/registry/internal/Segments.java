package dev.mlops.registry.internal;

import dev.mlops.error.CorruptException;
import dev.mlops.error.MlopsException;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Numbered;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A segment repeats 64 events in one object, one per line, so that opening a long log costs one
 * read per 64 events. Where the store reads events one after another anyway, there are none, and
 * those of another kind of writer are not read. Segments are derived: a missing or damaged one is passed over and its events
 * are read one by one. Each event in it is sealed and chained as in the log, so a segment can say
 * nothing that the log does not.
 */

/** Segments of one model's log. Not safe for use by several threads. */
final class Segments {
  static final int EVENTS = 64;
  private static final long MAX_BYTES = (long) EVENTS * (EventJson.MAX_BYTES + 1);
  private static final Logger LOG = LoggerFactory.getLogger(Segments.class);

  private final String model;
  private final ObjectStore store;
  private final ByteArrayOutputStream tail = new ByteArrayOutputStream();
  private final Map<String, byte[]> pending = new LinkedHashMap<>();
  private boolean needless;

  Segments(String model, ObjectStore store) {
    this.model = model;
    this.store = store;
  }

  static String prefix(String model) {
    return "models/" + model + "/segments/";
  }

  static String key(String model, long last) {
    return prefix(model) + Numbered.digits(last) + ".jsonl";
  }

  /** Folds the whole segments after an event that ends one. */
  void readFrom(long seq, BiConsumer<RegistryEvent, byte[]> fold) {
    if (areNeedless()) {
      return;
    }
    for (long last = seq + EVENTS; ; last += EVENTS) {
      String key = key(model, last);
      Optional<byte[]> content;
      List<byte[]> lines;
      List<RegistryEvent> events = new ArrayList<>(EVENTS);
      try {
        content = Backoff.retry(() -> store.get(key, MAX_BYTES));
        if (content.isEmpty()) {
          return;
        }
        lines = lines(key, content.get());
        for (byte[] line : lines) {
          events.add(EventJson.read(key, line));
        }
        for (int i = 0; i < EVENTS; i++) {
          fold.accept(events.get(i), lines.get(i));
        }
        pending.remove(key);
      } catch (CorruptException e) {
        LOG.warn("{} is damaged and passed over; its events are read one by one", key, e);
        return;
      }
    }
  }

  /** A new log shows only after its first event how it is kept. */
  private boolean areNeedless() {
    if (!needless && store.isSequential(ModelLog.prefix(model))) {
      needless = true;
      pending.clear();
      tail.reset();
    }
    return needless;
  }

  static List<byte[]> lines(String key, byte[] content) {
    var lines = new ArrayList<byte[]>(EVENTS);
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        lines.add(Arrays.copyOfRange(content, start, i));
        start = i + 1;
      }
    }
    if (lines.size() != EVENTS || start != content.length) {
      throw new CorruptException(key + " should hold " + EVENTS + " lines, it has " + lines.size());
    }
    return lines;
  }

  /** Remembers an event that was folded. */
  void append(long seq, byte[] content) {
    if (needless) {
      return;
    }
    tail.writeBytes(content);
    tail.write('\n');
    if (seq % EVENTS == 0) {
      pending.put(key(model, seq), tail.toByteArray());
      tail.reset();
    }
  }

  /** Writes the segments that are complete; failing to is no failure of the commit. */
  void write() {
    if (pending.isEmpty() || areNeedless()) {
      return;
    }
    pending.entrySet().removeIf(entry -> {
      try {
        store.putIfAbsent(entry.getKey(), entry.getValue());
      } catch (MlopsException e) {
        LOG.debug("{} was not written", entry.getKey(), e);
      }
      return true;
    });
  }
}
