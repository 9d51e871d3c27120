package dev.mlops.tracking.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.error.CorruptException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelRef;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Digests;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Names;
import dev.mlops.store.internal.Sealed;
import dev.mlops.tracking.Experiments;
import dev.mlops.tracking.Lineage;
import dev.mlops.tracking.Run;
import dev.mlops.tracking.RunArtifact;
import dev.mlops.tracking.RunRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Experiments on an object store. Safe for use by several threads. */
public final class StoredExperiments implements Experiments {
  private static final DateTimeFormatter NUMBER =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmssSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final ObjectStore store;
  private final Clock clock;
  private final String actor;
  private final Path checkout;

  public StoredExperiments(ObjectStore store, Clock clock, String actor, Path checkout) {
    this.store = store;
    this.clock = clock;
    this.actor = actor;
    this.checkout = checkout;
  }

  ObjectStore store() {
    return store;
  }

  Instant now() {
    return clock.instant();
  }

  @Override
  public Run start(String experiment, String name) {
    return start(experiment, name, null);
  }

  Run start(String experiment, String name, @Nullable String parent) {
    ModelRef.requireName("experiment", experiment);
    Names.requireEntry("run", name, "");
    Instant started = now();
    String random = UUID.randomUUID().toString();
    var keys = new RunKeys(experiment, NUMBER.format(started) + "-" + random.substring(0, 8));
    Map<String, String> lineage = Lineage.capture(checkout);
    ObjectNode node = Json.object()
        .put("formatVersion", 1)
        .put("id", random)
        .put("name", name)
        .put("actor", actor)
        .put("at", started.toString());
    if (parent != null) {
      node.put("parent", parent);
    }
    node.set("lineage", Json.textMap(lineage));
    SingleWriter.put(store, keys.start(), Sealed.seal(Json.write(node)));
    return new StoredRun(this, keys, lineage);
  }

  @Override
  public List<String> names() {
    var names = new TreeSet<String>();
    for (String key : store.list(RunKeys.ROOT)) {
      names.add(key.substring(RunKeys.ROOT.length(), key.indexOf('/', RunKeys.ROOT.length())));
    }
    return List.copyOf(names);
  }

  @Override
  public List<RunRecord> runs(String experiment) {
    ModelRef.requireName("experiment", experiment);
    return store.list(RunKeys.ROOT + experiment + "/runs/").stream()
        .filter(key -> key.endsWith("/start.json"))
        .map(key -> get(experiment + "/" + key.split("/", -1)[3]))
        .toList();
  }

  @Override
  public Optional<RunRecord> find(String id) {
    RunKeys keys = RunKeys.parse(id);
    return json(keys.start()).map(start -> new RunReader(keys, start).read(this::json));
  }

  private Optional<Json> json(String key) {
    return store
        .get(key, Json.MAX_BYTES)
        .map(content -> Json.parse(key, Sealed.require(key, content)).requireFormatVersion(1));
  }

  @Override
  public byte[] read(RunRecord run, String artifact) {
    RunArtifact found = run.artifacts().get(artifact);
    if (found == null) {
      throw new NotFoundException("run " + run.id() + " has no artifact '" + artifact
          + "'; artifacts are " + run.artifacts().keySet());
    }
    String key = RunKeys.parse(run.id()).artifact(found.sha256());
    byte[] content =
        store.get(key, found.size()).orElseThrow(() -> new CorruptException(key + " is missing"));
    String actual = Digests.sha256(content);
    if (!actual.equals(found.sha256())) {
      throw new CorruptException(key + " has SHA-256 " + actual);
    }
    return content;
  }
}
