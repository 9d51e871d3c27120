package dev.mlops.store.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Makes a finished temporary file visible under its final name, exclusively and at once. */
interface Publisher {
  /**
   * Publishes.
   *
   * @return false if the target already exists
   */
  boolean publish(Path temporary, Path target) throws IOException;

  /** link(2) fails if the target exists; the kernel decides who wins. */
  static Publisher byHardLink() {
    return (temporary, target) -> {
      try {
        Files.createLink(target, temporary);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      }
    };
  }

  /**
   * A rename replaces its target silently, so look and rename under one lock: a JVM-wide one for
   * threads (file locks belong to the process) and a file lock for processes.
   */
  static Publisher byLockAndRename(Path lockFile) {
    ReentrantLock threads =
        LockTable.LOCKS.computeIfAbsent(lockFile, ignored -> new ReentrantLock());
    return (temporary, target) -> {
      threads.lock();
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var held = channel.lock()) {
        if (!held.isValid() || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
          return false;
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
      } finally {
        threads.unlock();
      }
    };
  }

  /** One lock per lock file in this JVM. */
  final class LockTable {
    private static final ConcurrentHashMap<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private LockTable() {}
  }
}
