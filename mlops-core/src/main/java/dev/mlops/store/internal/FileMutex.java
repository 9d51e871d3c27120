package dev.mlops.store.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/*
 * A file lock belongs to the whole process, and closing any descriptor of the file gives it up. So
 * threads take a JVM-wide lock first, and the lock file is opened and closed under it by nobody
 * else. The system gives the lock up when a process dies.
 */

/** A lock among all threads of all processes that name the same lock file. */
final class FileMutex implements AutoCloseable {
  private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock threads;
  private final FileChannel channel;
  private final FileLock lock;

  private FileMutex(ReentrantLock threads, FileChannel channel, FileLock lock) {
    this.threads = threads;
    this.channel = channel;
    this.lock = lock;
  }

  /** Waits for the lock. The file is created if needed and stays. */
  static FileMutex acquire(Path lockFile, FileAttribute<?>... attributes) throws IOException {
    ReentrantLock threads = THREADS.computeIfAbsent(lockFile, ignored -> new ReentrantLock());
    threads.lock();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(
          lockFile,
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
          attributes);
      return new FileMutex(threads, channel, channel.lock());
    } catch (IOException | RuntimeException e) {
      try {
        if (channel != null) {
          channel.close();
        }
      } finally {
        threads.unlock();
      }
      throw e;
    }
  }

  /** Makes sure that no one else can have the lock. */
  void requireHeld() throws IOException {
    if (!lock.isValid()) {
      throw new IOException("the lock of " + channel + " was lost");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      lock.release();
    } finally {
      try {
        channel.close();
      } finally {
        threads.unlock();
      }
    }
  }
}
