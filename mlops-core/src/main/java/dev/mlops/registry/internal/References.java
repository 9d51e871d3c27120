package dev.mlops.registry.internal;

import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.store.ObjectStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/*
 * What is in use decides what may be deleted, so doubt stops a collection. A model counts if the
 * catalog names it or anything lies in its directory: either may have been lost, say by a restored
 * backup. A directory without a log, a log that ends before its segments do, a log that cannot be
 * read and an event that this library does not know: nothing is collected. A model of which only
 * the name is left looks like one whose first registration was killed; that stops nothing.
 */

/** Finds the contents that versions use. */
final class References {
  private static final String MODELS = "models/";

  private final ObjectStore store;
  private final Catalog catalog;
  private final Function<String, ModelLog> logs;

  References(ObjectStore store, Catalog catalog, Function<String, ModelLog> logs) {
    this.store = store;
    this.catalog = catalog;
    this.logs = logs;
  }

  /** The digests of all contents in use. */
  Set<String> digests() {
    List<String> keys = store.list(MODELS);
    var models = new TreeSet<>(catalog.names());
    keys.forEach(key -> models.add(model(key)));
    var used = new HashSet<String>();
    for (String model : models) {
      try {
        List<RegistryEvent> events = logs.apply(model).events();
        requireWhole(model, events.size(), keys);
        events.forEach(event -> collect(model, event, used));
      } catch (CorruptException | InvalidInputException e) {
        throw new CorruptException(
            "the log of model '" + model + "' is damaged; nothing was collected", e);
      }
    }
    return used;
  }

  private static String model(String key) {
    int end = key.indexOf('/', MODELS.length());
    return key.substring(MODELS.length(), end < 0 ? key.length() : end);
  }

  private static void requireWhole(String model, int events, List<String> keys) {
    String lastSegment = Segments.key(model, events);
    for (String key : keys) {
      if (!model(key).equals(model)) {
        continue;
      }
      if (events == 0 || key.startsWith(Segments.prefix(model)) && key.compareTo(lastSegment) > 0) {
        throw new CorruptException(key + " is there, but the log ends at event " + events);
      }
    }
  }

  private static void collect(String model, RegistryEvent event, Set<String> used) {
    if (event instanceof RegistryEvent.Unknown unknown) {
      throw new ConflictException("model '" + model + "' has an event of type '" + unknown.type()
          + "' that may use contents this library does not know of; nothing was collected");
    }
    if (event instanceof RegistryEvent.Registered registered) {
      registered.version().artifacts().values().forEach(a -> used.add(a.sha256()));
    }
  }
}
