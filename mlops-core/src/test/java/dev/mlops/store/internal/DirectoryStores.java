package dev.mlops.store.internal;

import dev.mlops.store.ObjectStore;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Directory stores on file systems that can do less than the one of the test. */
public final class DirectoryStores {
  private static final Medium SYSTEM = Medium.ofTheSystem();

  private DirectoryStores() {}

  /** As on FAT. */
  public static ObjectStore withoutHardLinks(Path root) {
    return DirectoryObjectStore.open(root, new Medium() {
      @Override
      public void link(Path link, Path existing) throws IOException {
        throw new FileSystemException(link.toString(), null, "Operation not permitted");
      }

      @Override
      public boolean hasDependableLocks(Path directory) throws IOException {
        return SYSTEM.hasDependableLocks(directory);
      }
    });
  }

  /** As on NFS. */
  public static ObjectStore withoutDependableLocks(Path root) {
    return DirectoryObjectStore.open(root, new Medium() {
      @Override
      public void link(Path link, Path existing) throws IOException {
        SYSTEM.link(link, existing);
      }

      @Override
      public boolean hasDependableLocks(Path directory) {
        return false;
      }
    });
  }
}
