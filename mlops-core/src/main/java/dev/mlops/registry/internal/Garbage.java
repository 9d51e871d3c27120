package dev.mlops.registry.internal;

import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.GarbageReport;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Sealed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/*
 * Contents without a user are what killed registrations leave behind. Collecting them must not race
 * a registration that found its content already stored and is about to refer to it. No lock can be
 * had, so time does it, in three runs:
 *   1. a content without a user is marked;
 *   2. a grace period later, if it still has none, it is copied to the trash and deleted;
 *   3. another grace period later it leaves the trash, unless it has a user by then: then it is put
 *      back.
 * A registration or import stores its contents at most 30 minutes before it commits (see
 * StoredContents). If its content went to the trash at T, the registration found it before T, so
 * it commits before T + 30 min, so every run that may empty that trash (T + grace, grace >= 1 h)
 * sees the reference. Meanwhile readers find the content in the trash. Every step can be cut off by
 * a crash: a copy exists before anything is deleted, and the next run goes on.
 */

/** Collects contents that no version uses. One instance per run. */
final class Garbage {
  static final Duration SHORTEST_GRACE = Duration.ofHours(1);
  private static final String MARKS = "gc/marks/";
  private static final String TRASHED = "gc/trashed/";
  private static final int MAX_BYTES = 4096;

  private final ObjectStore store;
  private final Clock clock;
  private final Instant now;
  private final Duration grace;
  private int marked;
  private int trashed;
  private int deleted;
  private int restored;

  Garbage(ObjectStore store, Clock clock, Duration grace) {
    if (grace.compareTo(SHORTEST_GRACE) < 0) {
      throw new InvalidInputException(
          "the grace period must be at least " + SHORTEST_GRACE + ", got " + grace);
    }
    this.store = store;
    this.clock = clock;
    this.now = clock.instant();
    this.grace = grace;
  }

  /** Runs; the references must be read after this object was created. */
  GarbageReport run(Supplier<Set<String>> references) {
    Set<String> blobs = new HashSet<>(store.list(Blobs.PREFIX));
    Set<String> marks = new HashSet<>(store.list(MARKS));
    Set<String> used = references.get();
    emptyTrash(used);
    for (String key : blobs) {
      String digest = last(key);
      String mark = MARKS + digest + ".json";
      if (used.contains(digest)) {
        if (marks.contains(mark)) {
          store.delete(mark);
        }
      } else if (!marks.contains(mark)) {
        store.putIfAbsent(mark, stamp());
        marked++;
      } else if (isOld(mark)) {
        trash(key, digest);
        store.delete(mark);
      }
    }
    for (String mark : marks) {
      if (!blobs.contains(Blobs.key(last(mark).replace(".json", "")))) {
        store.delete(mark); // its content is gone: left by a run that was cut off
      }
    }
    int leftovers = store.removeLeftovers(now.minus(grace));
    return new GarbageReport(marked, trashed, deleted, restored, leftovers);
  }

  private void trash(String key, String digest) {
    Optional<byte[]> content = store.get(key);
    if (content.isEmpty()) {
      return; // another run was faster
    }
    String record = TRASHED + digest + ".json";
    store.delete(record); // left by a run that was cut off: its time is too early
    store.putIfAbsent(Blobs.TRASH + digest, content.get());
    store.putIfAbsent(record, stamp());
    store.delete(key);
    trashed++;
  }

  private void emptyTrash(Set<String> used) {
    for (String record : store.list(TRASHED)) {
      String digest = last(record).replace(".json", "");
      Optional<byte[]> content = store.get(Blobs.TRASH + digest);
      if (content.isPresent() && used.contains(digest)) {
        store.putIfAbsent(Blobs.key(digest), content.get());
        restored++;
      } else if (store.get(Blobs.key(digest)).isPresent() || !isOld(record)) {
        continue; // stored anew, or cut off before the deletion: the marks decide; or too young
      } else {
        deleted += content.isPresent() ? 1 : 0;
      }
      store.delete(Blobs.TRASH + digest);
      store.delete(record);
    }
  }

  private boolean isOld(String key) {
    return store
        .get(key, MAX_BYTES)
        .map(content -> Json.parse(key, Sealed.require(key, content))
            .requireFormatVersion(1)
            .instant("at"))
        .map(at -> !at.plus(grace).isAfter(now))
        .orElse(false);
  }

  /** The time of a step, not of the run, which may take long. */
  private byte[] stamp() {
    return Sealed.seal(Json.write(
        Json.object().put("formatVersion", 1).put("at", clock.instant().toString())));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }
}
