package dev.mlops.store.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/*
 * A file lock belongs to the whole process, and closing any descriptor of the file gives it up. So
 * threads take a JVM-wide lock first, and the lock file is opened and closed under it by nobody
 * else. JVM-wide means also among class loaders that each have this class, as in an application
 * server: all of them find the same interned text. The system gives the lock up when a process
 * dies.
 */

/** A lock among all threads of all processes that name the same lock file. */
final class FileMutex {
  private final FileLock lock;

  private FileMutex(FileLock lock) {
    this.lock = lock;
  }

  /** What is done under the lock. */
  @FunctionalInterface
  interface Work<T> {
    T run(FileMutex mutex) throws IOException;
  }

  /** Waits for the lock and works under it. The file is created if needed and stays. */
  static <T> T holding(Path lockFile, FileAttribute<?>[] attributes, Work<T> work)
      throws IOException {
    synchronized (("dev.mlops.store lock " + lockFile).intern()) {
      try (var channel = FileChannel.open(
              lockFile,
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
              attributes);
          var lock = channel.lock()) {
        return work.run(new FileMutex(lock));
      } catch (OverlappingFileLockException e) {
        throw new IOException(lockFile + " is locked by something else in this process", e);
      }
    }
  }

  /** Makes sure that no one else can have the lock. */
  void requireHeld() throws IOException {
    if (!lock.isValid()) {
      throw new IOException("the lock of " + lock.acquiredBy() + " was lost");
    }
  }
}
