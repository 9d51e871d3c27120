package dev.mlops.registry.internal;

import dev.mlops.error.CorruptException;
import dev.mlops.error.MlopsException;
import dev.mlops.registry.Artifact;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.registry.Verification;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Sealed;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads every object of a store once and checks it by what its key says it is. One instance per
 * run. Not safe for use by several threads.
 */
final class Audit {
  private final ObjectStore store;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> intactBlobs = new HashSet<>();
  private final TreeMap<String, String> referenced = new TreeMap<>();
  private long events;
  private long blobs;

  Audit(ObjectStore store) {
    this.store = store;
  }

  /** Runs; {@code seen} gives the last state of a model that this process believed. */
  Verification run(Function<String, Optional<ModelSnapshot>> seen) {
    List<String> keys;
    try {
      keys = store.list("");
    } catch (CorruptException e) {
      return new Verification(0, 0, 0, List.of(e.getMessage()));
    }
    var models = new TreeSet<String>();
    for (String key : keys) {
      String[] parts = key.split("/", -1);
      try {
        if (parts[0].equals("models") && parts.length == 4) {
          models.add(parts[1]);
        } else {
          check(key, parts);
        }
      } catch (MlopsException e) {
        problems.add(e.getMessage());
      }
    }
    for (String model : models) {
      checkModel(model, seen.apply(model), keys);
    }
    referenced.forEach((digest, user) -> {
      if (!intactBlobs.contains(digest)) {
        problems.add(user + " needs " + Blobs.key(digest) + ", which is missing or damaged");
      }
    });
    return new Verification(events, blobs, keys.size(), problems);
  }

  private void check(String key, String[] parts) {
    String last = parts[parts.length - 1];
    if (key.startsWith(Catalog.PREFIX)) {
      Catalog.read(key, content(key));
    } else if (key.startsWith(Blobs.PREFIX) && parts.length == 4) {
      require(key.equals(Blobs.key(parts[3])), key + " lies in the wrong directory");
      checkBlob(key, last);
    } else if (key.startsWith(Blobs.TRASH) || isRunArtifact(parts)) {
      checkBlob(key, last);
    } else if (last.endsWith(".json") && isSealedArea(parts[0])) {
      Json.parse(key, Sealed.require(key, content(key)));
    } else {
      problems.add(key + " is no object of a registry");
    }
  }

  private static boolean isSealedArea(String area) {
    return Set.of("experiments", "gc", "mlflow").contains(area);
  }

  private static boolean isRunArtifact(String[] parts) {
    return parts.length == 6 && parts[0].equals("experiments") && parts[4].equals("artifacts");
  }

  private void checkBlob(String key, String digest) {
    blobs++;
    Blobs.requireDigest(key, content(key), digest);
    intactBlobs.add(digest);
  }

  private byte[] content(String key) {
    return store.get(key).orElseThrow(() -> new CorruptException(key + " is listed but missing"));
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  private void checkModel(String model, Optional<ModelSnapshot> seen, List<String> keys) {
    var state = new ModelState(model);
    var log = new ArrayList<byte[]>();
    long count =
        keys.stream().filter(key -> key.startsWith(ModelLog.prefix(model))).count();
    try {
      for (long seq = 1; seq <= count; seq++) {
        String key = ModelLog.key(model, seq);
        byte[] content = content(key);
        RegistryEvent event = EventJson.read(key, content);
        state.apply(event, content);
        log.add(content);
        events++;
        if (event instanceof RegistryEvent.Registered registered) {
          for (Artifact artifact : registered.version().artifacts().values()) {
            referenced.put(artifact.sha256(), registered.version().ref().toString());
          }
        }
        checkSeen(model, seq, state.head(), seen.orElse(null));
      }
    } catch (MlopsException e) {
      problems.add(e.getMessage());
    }
    require(
        seen.isEmpty() || seen.get().seq() <= count,
        "the log of model '" + model + "' ends at event " + count + ", but event "
            + seen.map(ModelSnapshot::seq).orElse(0L) + " was read before");
    checkSegments(model, log, keys);
    checkNoStrangers(model, count, keys);
  }

  private void checkSeen(String model, long seq, String head, @Nullable ModelSnapshot seen) {
    require(
        seen == null || seen.seq() != seq || seen.head().equals(head),
        "event " + seq + " of model '" + model + "' is not the one that was read before");
  }

  private void checkSegments(String model, List<byte[]> log, List<String> keys) {
    for (String key : keys) {
      if (!key.startsWith(Segments.prefix(model))) {
        continue;
      }
      boolean known = false;
      for (int last = Segments.EVENTS; last <= log.size(); last += Segments.EVENTS) {
        if (key.equals(Segments.key(model, last))) {
          known = true;
          var expected = new ByteArrayOutputStream();
          for (byte[] event : log.subList(last - Segments.EVENTS, last)) {
            expected.writeBytes(event);
            expected.write('\n');
          }
          require(
              Arrays.equals(expected.toByteArray(), store.get(key).orElse(new byte[0])),
              key + " does not repeat the events of the log");
        }
      }
      require(known, key + " repeats no events of the log");
    }
  }

  private void checkNoStrangers(String model, long count, List<String> keys) {
    String log = ModelLog.prefix(model);
    for (String key : keys) {
      if (key.startsWith("models/" + model + "/")
          && !key.startsWith(log)
          && !key.startsWith(Segments.prefix(model))) {
        problems.add(key + " is no object of a registry");
      }
      if (key.startsWith(log) && ModelLog.key(model, count).compareTo(key) < 0) {
        problems.add(key + " lies beyond a gap in the log of model '" + model + "'");
      }
    }
    if (store.get(Catalog.key(model)).isEmpty()) {
      problems.add("model '" + model + "' has events but no entry " + Catalog.key(model));
    }
  }
}
