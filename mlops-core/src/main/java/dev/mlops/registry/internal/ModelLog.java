package dev.mlops.registry.internal;

import static java.util.Objects.checkIndex;

import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.UnavailableException;
import dev.mlops.registry.EventInfo;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Numbered;
import java.time.Clock;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Commit: read to the end of the log; let the operation judge the state at event n and propose
 * event n+1; putIfAbsent(n+1). Created: done. Refused or unknown: read n+1. If its id is mine, the
 * write had succeeded and only the answer was lost; otherwise fold it and start again. Without the
 * id check, a lost answer (or a retry inside a client library, which comes back as a conflict)
 * registers the same version twice.
 *
 * A write whose outcome is unknown may be applied late. That is harmless: until event n+1 exists, I
 * propose n+1 again under the same id, and once it exists, the late write is refused. Every event
 * that is folded while committing is therefore compared with my id.
 *
 * An event of mine that I read after a write of it failed may not be durable: the write may have
 * failed on the way from the system's memory to the disk. So it is put again before it is
 * acknowledged, as putIfAbsent answers only when the object is durable.
 *
 * The more events are found, the more are asked for at once: whoever reads one event for each that
 * another process writes meanwhile, over a slower connection than the other's, never sees the end.
 */

/** The log of one model and its fold so far. Safe for use by several threads. */
final class ModelLog {
  /** What an operation wants to happen after a state; empty for nothing. */
  @FunctionalInterface
  interface Operation {
    Optional<RegistryEvent> on(ModelSnapshot state, EventInfo info);
  }

  private static final int MOST_AT_ONCE = 64;

  private final String model;
  private final ObjectStore store;
  private final Clock clock;
  private final Segments segments;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock:
  private final ModelState state;
  private final List<RegistryEvent> events = new ArrayList<>();
  private boolean opened;

  private volatile @Nullable ModelSnapshot snapshot;

  ModelLog(String model, ObjectStore store, Clock clock) {
    this.model = model;
    this.store = store;
    this.clock = clock;
    this.segments = new Segments(model, store);
    this.state = new ModelState(model);
    ObjectStore.requireKey(key(model, 1));
  }

  static String prefix(String model) {
    return "models/" + model + "/log/";
  }

  static String key(String model, long seq) {
    return prefix(model) + Numbered.name(seq);
  }

  /** The state at the end of the log: one read if nothing has changed. */
  ModelSnapshot current() {
    ModelSnapshot known = snapshot;
    if (known != null && read(known.seq() + 1).isEmpty()) {
      return known;
    }
    lock.lock();
    try {
      return refresh();
    } finally {
      lock.unlock();
    }
  }

  /** The last state that was seen, or empty; reads nothing. */
  Optional<ModelSnapshot> seen() {
    return Optional.ofNullable(snapshot);
  }

  /** All events up to the end of the log. */
  List<RegistryEvent> events() {
    current();
    lock.lock();
    try {
      return List.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  /** The state after the last of the events there are now that is not after an instant. */
  ModelSnapshot at(Instant instant) {
    return alone(() -> {
      ModelSnapshot now = refresh();
      int end = events.size();
      while (end > 0 && events.get(end - 1).info().at().isAfter(instant)) {
        end--;
      }
      if (end == events.size()) {
        return now;
      }
      var then = new ModelState(model);
      for (int i = 0; i < end; i++) {
        then.replay(events.get(i), events.get(i + 1).info().previous());
      }
      return then.snapshot();
    });
  }

  /** Runs something during which no other thread of this process commits. */
  <T> T alone(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Appends what the operation proposes; empty if it proposes nothing. */
  Optional<RegistryEvent> commit(Author author, Operation operation) {
    return alone(() -> append(author, operation));
  }

  private Optional<RegistryEvent> append(Author author, Operation operation) {
    String id = UUID.randomUUID().toString();
    int first = events.size();
    var backoff = new Backoff();
    for (int unknown = 0; ; ) {
      ModelSnapshot now = refresh();
      Optional<RegistryEvent> mine = eventSince(first, id);
      if (mine.isPresent()) {
        return Optional.of(durable(mine.get(), unknown > 0));
      }
      requireWritable();
      var info = new EventInfo(
          model,
          state.seq() + 1,
          id,
          state.head(),
          author.actor(),
          clock.instant(),
          author.reason());
      Optional<RegistryEvent> proposed = operation.on(now, info);
      if (proposed.isEmpty()) {
        return proposed;
      }
      byte[] content = EventJson.write(proposed.get());
      try {
        if (store.putIfAbsent(key(model, info.seq()), content)) {
          fold(proposed.get(), content);
          publish();
          segments.write();
          return proposed;
        }
      } catch (UnavailableException e) {
        if (++unknown >= Backoff.TRIES) {
          throw unknownOutcome(info.seq(), e);
        }
      }
      refresh();
      mine = eventSince(first, id);
      if (mine.isPresent()) {
        return Optional.of(durable(mine.get(), unknown > 0));
      }
      backoff.pause();
    }
  }

  /** Makes an event of mine that was read durable if a write of it failed. */
  private RegistryEvent durable(RegistryEvent mine, boolean writeFailed) {
    long seq = mine.info().seq();
    if (writeFailed) {
      try {
        Backoff.retry(() ->
            store.putIfAbsent(key(model, seq), read(seq).orElseGet(() -> EventJson.write(mine))));
      } catch (UnavailableException e) {
        throw unknownOutcome(seq, e);
      }
    }
    return mine;
  }

  private UnavailableException unknownOutcome(long seq, UnavailableException cause) {
    return new UnavailableException(
        "the outcome of event " + seq + " of model '" + model + "' is unknown after "
            + Backoff.TRIES + " tries; read the model to learn it",
        cause);
  }

  /** Looks at every event folded since, however often reading was interrupted by a failure. */
  private Optional<RegistryEvent> eventSince(int first, String id) {
    return events.subList(first, events.size()).stream()
        .filter(event -> event.info().id().equals(id))
        .findFirst();
  }

  private void requireWritable() {
    state.unknownType().ifPresent(type -> {
      throw new ConflictException("model '" + model + "' has an event of type '" + type
          + "', written by a newer version of this library; it can be read, not changed");
    });
  }

  /** Folds to the end of the log. A failure on the way loses nothing: the next call goes on. */
  private ModelSnapshot refresh() {
    if (!opened) {
      open();
    }
    int asked = 1;
    for (int found; (found = foldNext(asked)) > 0; ) {
      asked = Math.min(2 * found, MOST_AT_ONCE);
    }
    ModelSnapshot known = snapshot;
    return known != null && known.seq() == state.seq() ? known : publish();
  }

  /** Reads whole segments first and refuses a log with a gap. */
  private void open() {
    List<String> keys = Backoff.retry(() -> store.list(prefix(model)));
    segments.readFrom(state.seq(), state.head(), keys.size(), this::fold);
    while (state.seq() < keys.size()) {
      if (foldNext((int) Math.min(keys.size() - state.seq(), MOST_AT_ONCE)) == 0) {
        throw new CorruptException("the log of model '" + model + "' has " + keys.size()
            + " events, but event " + (state.seq() + 1) + " is missing");
      }
    }
    opened = true;
  }

  /** Folds at most so many events; returns how many, or 0 once there is none after them. */
  private int foldNext(int most) {
    long first = state.seq() + 1;
    // Most stores look at the first key only.
    List<String> keys = new AbstractList<>() {
      @Override
      public String get(int index) {
        return key(model, first + checkIndex(index, most));
      }

      @Override
      public int size() {
        return most;
      }
    };
    List<Optional<byte[]>> next = Backoff.retry(() -> store.getLeading(keys, EventJson.MAX_BYTES));
    for (Optional<byte[]> content : next) {
      if (content.isEmpty()) {
        return 0;
      }
      fold(EventJson.read(key(model, state.seq() + 1), content.get()), content.get());
    }
    return next.size();
  }

  private Optional<byte[]> read(long seq) {
    return store.get(key(model, seq), EventJson.MAX_BYTES);
  }

  private void fold(RegistryEvent event, byte[] content) {
    state.apply(event, content);
    events.add(event);
    segments.append(state.seq(), content);
  }

  @Override
  public String toString() {
    return "model '" + model + "' in " + store;
  }

  private ModelSnapshot publish() {
    ModelSnapshot now = state.snapshot();
    snapshot = now;
    return now;
  }
}
