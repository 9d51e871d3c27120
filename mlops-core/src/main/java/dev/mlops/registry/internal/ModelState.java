package dev.mlops.registry.internal;

import dev.mlops.error.CorruptException;
import dev.mlops.registry.EventInfo;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.Protection;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.store.internal.Digests;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * The fold of a model's log. Invariants, checked on every event:
 *  1. seq is one more than before, prev is the digest of the event before, model is ours;
 *  2. versions are numbered 1, 2, 3, ... without gap or repetition;
 *  3. an alias moves from what it points at to a version that exists.
 * An event that breaks one is corrupt: nothing after it is believed.
 */

/** Builds the state of one model event by event. Not safe for use by several threads. */
final class ModelState {
  static final String NO_EVENT = "0".repeat(64);

  private final String model;
  private long seq;
  private String head = NO_EVENT;
  private Optional<String> unknownType = Optional.empty();
  private final TreeMap<Integer, ModelVersion> versions = new TreeMap<>();
  // What changed of them since the last snapshot:
  private final Map<Integer, TreeMap<String, String>> tags = new HashMap<>();
  private final Map<Integer, Boolean> archivals = new HashMap<>();
  private final Map<String, Integer> aliases = new HashMap<>();
  private final Map<String, Deque<Integer>> before = new HashMap<>();
  private final Map<String, Protection> protections = new HashMap<>();
  private final Map<String, Set<String>> approvals = new HashMap<>();

  ModelState(String model) {
    this.model = model;
  }

  long seq() {
    return seq;
  }

  String head() {
    return head;
  }

  /** The first event type that this library does not know, if any. */
  Optional<String> unknownType() {
    return unknownType;
  }

  void apply(RegistryEvent event, byte[] content) {
    EventInfo info = event.info();
    require(
        info,
        info.previous().equals(head),
        "follows an event with SHA-256 " + info.previous() + ", but event " + seq + " has " + head);
    change(event);
    head = Digests.sha256(content);
  }

  /** Applies an event that was checked before; its digest is known from the one after it. */
  void replay(RegistryEvent event, String digest) {
    change(event);
    head = digest;
  }

  private void change(RegistryEvent event) {
    EventInfo info = event.info();
    require(info, info.model().equals(model), "belongs to model '" + info.model() + "'");
    require(info, info.seq() == seq + 1, "says it is event " + info.seq());
    if (event instanceof RegistryEvent.Registered registered) {
      ModelVersion version = registered.version();
      require(
          info,
          version.number() == versions.size() + 1,
          "registers version " + version.number() + " after " + versions.size());
      versions.put(version.number(), version);
    } else if (event instanceof RegistryEvent.Tagged tagged) {
      ModelVersion version = version(info, tagged.version());
      TreeMap<String, String> changed =
          tags.computeIfAbsent(version.number(), ignored -> new TreeMap<>(version.tags()));
      tagged
          .value()
          .ifPresentOrElse(
              value -> changed.put(tagged.key(), value), () -> changed.remove(tagged.key()));
    } else if (event instanceof RegistryEvent.AliasMoved moved) {
      move(info, moved);
    } else if (event instanceof RegistryEvent.PromotionRejected rejected) {
      version(info, rejected.version());
    } else if (event instanceof RegistryEvent.Approved approved) {
      version(info, approved.version());
      approvals
          .computeIfAbsent(approved.version() + "@" + approved.alias(), k -> new TreeSet<>())
          .add(info.actor());
    } else if (event instanceof RegistryEvent.AliasProtected guarded) {
      if (guarded.protection().required() == 0) {
        protections.remove(guarded.alias());
      } else {
        protections.put(guarded.alias(), guarded.protection());
      }
    } else if (event instanceof RegistryEvent.Archived archived) {
      archivals.put(version(info, archived.version()).number(), archived.archived());
    } else if (event instanceof RegistryEvent.Unknown unknown && unknownType.isEmpty()) {
      unknownType = Optional.of(unknown.type());
    }
    seq++;
  }

  private void move(EventInfo info, RegistryEvent.AliasMoved moved) {
    String alias = moved.alias();
    Optional<Integer> held = Optional.ofNullable(aliases.get(alias));
    require(
        info,
        moved.from().equals(held) || unknownType.isPresent(),
        "moves '" + alias + "' from " + moved.from() + ", but it pointed at " + held);
    moved.to().ifPresent(number -> version(info, number));
    Deque<Integer> stack = before.computeIfAbsent(alias, ignored -> new ArrayDeque<>());
    if (moved.cause() == RegistryEvent.AliasMoved.Cause.ROLLBACK) {
      stack.poll();
    } else {
      held.ifPresent(stack::push);
    }
    if (moved.to().isPresent()) {
      aliases.put(alias, moved.to().get());
    } else {
      aliases.remove(alias);
    }
  }

  private ModelVersion version(EventInfo info, int number) {
    ModelVersion version = versions.get(number);
    if (version == null) {
      throw corrupt(info, "names version " + number + " of " + versions.size());
    }
    return version;
  }

  private void require(EventInfo info, boolean holds, String message) {
    if (!holds) {
      throw corrupt(info, message);
    }
  }

  private CorruptException corrupt(EventInfo info, String message) {
    return new CorruptException(
        "event " + (seq + 1) + " of model '" + model + "' " + message + " (id " + info.id() + ")");
  }

  private static ModelVersion with(ModelVersion v, Map<String, String> tags, boolean archived) {
    return new ModelVersion(
        v.model(),
        v.number(),
        v.schema(),
        v.artifacts(),
        v.metrics(),
        tags,
        v.lineage(),
        v.runId(),
        v.actor(),
        v.at(),
        archived,
        v.signature());
  }

  ModelSnapshot snapshot() {
    tags.forEach((number, changed) ->
        versions.computeIfPresent(number, (n, v) -> with(v, changed, v.archived())));
    tags.clear();
    archivals.forEach((number, archived) ->
        versions.computeIfPresent(number, (n, v) -> with(v, v.tags(), archived)));
    archivals.clear();
    var previous = new TreeMap<String, Integer>();
    before.forEach((alias, stack) -> {
      Integer top = stack.peek();
      if (top != null) {
        previous.put(alias, top);
      }
    });
    var approvers = new TreeMap<String, Set<String>>();
    approvals.forEach((key, names) -> approvers.put(key, Set.copyOf(names)));
    return new ModelSnapshot(model, seq, head, versions, aliases, previous, protections, approvers);
  }
}
