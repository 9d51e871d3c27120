package dev.mlops.store.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** What a file system can do that not every one can. Safe for use by several threads. */
interface Medium {
  /**
   * Gives a file a second name.
   *
   * @throws IOException if the name is taken, or files here have one name only
   * @throws UnsupportedOperationException if files here have one name only
   */
  void link(Path link, Path existing) throws IOException;

  /** Tells whether locks and caches can be relied on by processes that write one file. */
  boolean hasDependableLocks(Path directory) throws IOException;

  /** What the platform says about itself. */
  static Medium ofTheSystem() {
    return new Medium() {
      /** As the platforms name them. */
      private static final Set<String> LOCAL = Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "btrfs",
          "zfs",
          "f2fs",
          "jfs",
          "bcachefs",
          "tmpfs",
          "overlay",
          "apfs",
          "hfs",
          "ntfs",
          "refs");

      @Override
      public void link(Path link, Path existing) throws IOException {
        Files.createLink(link, existing);
      }

      @Override
      public boolean hasDependableLocks(Path directory) throws IOException {
        return LOCAL.contains(Files.getFileStore(directory).type().toLowerCase(Locale.ROOT));
      }
    };
  }
}
