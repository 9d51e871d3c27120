package dev.mlops.registry;

import dev.mlops.store.ObjectStore;
import java.util.List;
import java.util.Optional;

/** Passes everything on, for stores that change one thing. */
public class StoreDecorator implements ObjectStore {
  private final ObjectStore target;

  protected StoreDecorator(ObjectStore target) {
    this.target = target;
  }

  @Override
  public Optional<byte[]> get(String key) {
    return target.get(key);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return target.putIfAbsent(key, content);
  }

  @Override
  public List<String> list(String prefix) {
    return target.list(prefix);
  }

  @Override
  public void delete(String key) {
    target.delete(key);
  }

  @Override
  public void close() {
    target.close();
  }
}
