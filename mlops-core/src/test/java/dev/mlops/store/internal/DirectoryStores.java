package dev.mlops.store.internal;

import dev.mlops.store.ObjectStore;
import java.nio.file.Path;

/** Opens directory stores in ways that production code chooses by itself. */
public final class DirectoryStores {
  private DirectoryStores() {}

  public static ObjectStore withLock(Path root) {
    return DirectoryObjectStore.openWithLock(root);
  }

  public static ObjectStore withFilesOnly(Path root) {
    return DirectoryObjectStore.open(root, false);
  }
}
