package dev.mlops.store.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;

/** Makes a finished temporary file visible under its final name, exclusively and at once. */
interface Publisher {
  /**
   * Publishes.
   *
   * @return false if the target already exists
   */
  boolean publish(Path temporary, Path target) throws IOException;

  /** link(2) fails if the target exists; the kernel decides who wins. */
  static Publisher byHardLink(Medium medium) {
    return (temporary, target) -> {
      try {
        medium.link(target, temporary);
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
  static Publisher byLockAndRename(Path lockFile, FileAttribute<?>... attributes) {
    return (temporary, target) -> FileMutex.holding(lockFile, attributes, mutex -> {
      mutex.requireHeld();
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    });
  }
}
