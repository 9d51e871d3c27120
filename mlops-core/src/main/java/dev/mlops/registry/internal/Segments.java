package dev.mlops.registry.internal;

import dev.mlops.error.CorruptException;
import dev.mlops.error.MlopsException;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Digests;
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
 * those of another kind of writer are not read. Segments are derived: a missing or damaged one is
 * passed over and its events are read one by one. They are believed only as far as the log goes and
 * only if their last event is the log's at that place; each event in them is sealed and chained, so
 * they can say nothing that the log does not, also if an older or another log was put beside them.
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

  /**
   * Folds the whole segments after an event, none beyond the end of the log.
   *
   * @param seq the last event folded
   * @param head its digest
   * @param end the last event of the log
   */
  void readFrom(long seq, String head, long end, BiConsumer<RegistryEvent, byte[]> fold) {
    if (areNeedless()) {
      return;
    }
    var events = new ArrayList<RegistryEvent>();
    var lines = new ArrayList<byte[]>();
    String expected = head;
    String key = "";
    try {
      for (long last = seq + EVENTS; last <= end; last += EVENTS) {
        key = key(model, last);
        Optional<byte[]> content = read(key);
        if (content.isEmpty()) {
          break;
        }
        for (byte[] line : lines(key, content.get())) {
          RegistryEvent event = EventJson.read(key, line);
          if (!event.info().previous().equals(expected)) {
            throw new CorruptException(key + " does not repeat the events of the log");
          }
          expected = Digests.sha256(line);
          events.add(event);
          lines.add(line);
        }
      }
    } catch (CorruptException e) {
      LOG.warn("{} is damaged and passed over; its events are read one by one", key, e);
      drop(events, lines);
    }
    if (!lines.isEmpty() && !endsAsTheLog(seq + lines.size(), lines.get(lines.size() - 1))) {
      LOG.warn("the segments of model '{}' are of another log and passed over", model);
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      fold.accept(events.get(i), lines.get(i));
      pending.remove(key(model, seq + i + 1)); // it is there
    }
  }

  private Optional<byte[]> read(String key) {
    return Backoff.retry(() -> store.get(key, MAX_BYTES));
  }

  /** Leaves whole segments. */
  private static void drop(List<RegistryEvent> events, List<byte[]> lines) {
    int whole = lines.size() / EVENTS * EVENTS;
    events.subList(whole, events.size()).clear();
    lines.subList(whole, lines.size()).clear();
  }

  /** As each event holds the digest of the one before, the last one speaks for all. */
  private boolean endsAsTheLog(long seq, byte[] line) {
    Optional<byte[]> event =
        Backoff.retry(() -> store.get(ModelLog.key(model, seq), EventJson.MAX_BYTES));
    return event.isPresent() && Arrays.equals(event.get(), line);
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
