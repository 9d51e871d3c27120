package dev.mlops.registry.internal;

import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Sealed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of models. The key is the name in lower case, so that of two spellings one wins on any
 * file system. Safe for use by several threads.
 */
final class Catalog {
  static final String PREFIX = "catalog/";
  private static final int MAX_BYTES = 4096;

  private final ObjectStore store;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  Catalog(ObjectStore store) {
    this.store = store;
  }

  static String key(String model) {
    return PREFIX + model.toLowerCase(Locale.ROOT) + ".json";
  }

  /** Takes a name for good, once in this process: an entry that was lost is made again. */
  void claim(String model) {
    String key = key(model);
    if (model.equals(known.get(key))) {
      return;
    }
    byte[] content =
        Sealed.seal(Json.write(Json.object().put("formatVersion", 1).put("model", model)));
    if (!Backoff.retry(() -> store.putIfAbsent(key, content))) {
      String taken = Backoff.retry(() -> name(key));
      if (!taken.equals(model)) {
        throw new ConflictException(
            "model name '" + model + "' differs only in case from '" + taken + "', which exists");
      }
    }
    known.put(key, model);
  }

  /** Lists the names that were ever claimed. */
  List<String> names() {
    var names = new ArrayList<String>();
    for (String key : store.list(PREFIX)) {
      names.add(known.computeIfAbsent(key, this::name));
    }
    names.sort(null);
    return names;
  }

  private String name(String key) {
    byte[] content = store
        .get(key, MAX_BYTES)
        .orElseThrow(() -> new CorruptException(key + " is listed but missing"));
    return read(key, content);
  }

  static String read(String key, byte[] content) {
    String model =
        Json.parse(key, Sealed.require(key, content)).requireFormatVersion(1).text("model");
    if (!key(model).equals(key)) {
      throw new CorruptException(key + " names model '" + model + "'");
    }
    return model;
  }
}
