package dev.mlops.store.internal;

import dev.mlops.store.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Objects in a sorted map. Safe for use by several threads. */
public final class InMemoryObjectStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  @Override
  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(objects.get(Keys.requireKey(key))).map(byte[]::clone);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return objects.putIfAbsent(Keys.requireKey(key), content.clone()) == null;
  }

  @Override
  public List<String> list(String prefix) {
    String from = Keys.requirePrefix(prefix);
    return from.isEmpty()
        ? List.copyOf(objects.keySet())
        : List.copyOf(objects.subMap(from, from + Character.MAX_VALUE).keySet());
  }

  @Override
  public void delete(String key) {
    objects.remove(Keys.requireKey(key));
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "in-memory store";
  }
}
