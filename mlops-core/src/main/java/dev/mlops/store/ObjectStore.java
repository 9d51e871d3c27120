package dev.mlops.store;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.CorruptException;
import dev.mlops.store.internal.DirectoryObjectStore;
import dev.mlops.store.internal.InMemoryObjectStore;
import dev.mlops.store.internal.Keys;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Immutable objects under keys such as {@code models/fraud/log/0000000000000000001.json}. The one
 * conditional write, {@link #putIfAbsent}, carries the whole consistency of the registry.
 * Implementations are safe for use by several threads and, where the medium is shared, by several
 * processes; they prove it with {@code dev.mlops.testing.ObjectStoreContract}.
 *
 * <p>A key is 1 to 900 characters of segments separated by {@code /}. A segment matches
 * {@code [A-Za-z0-9][A-Za-z0-9._-]{0,254}}, does not end in a dot and is no device name of Windows,
 * so no key can leave its store. A key is never also the directory of another key. Every method
 * throws {@link dev.mlops.error.InvalidInputException} for any other key and
 * {@link dev.mlops.error.UnavailableException} if the medium fails.
 */
public interface ObjectStore extends AutoCloseable {
  /**
   * Reads an object.
   *
   * @param key the key
   * @return a copy of the whole content, or empty if there is no such object
   */
  Optional<byte[]> get(String key);

  /**
   * Reads an object that must not be larger than a limit.
   *
   * @param key the key
   * @param maxBytes the largest accepted size in bytes
   * @return a copy of the whole content, or empty if there is no such object
   * @throws CorruptException if the object is larger; implementations that know the size beforehand
   *     read nothing then
   */
  default Optional<byte[]> get(String key, long maxBytes) {
    Optional<byte[]> content = get(key);
    content.ifPresent(bytes -> {
      if (bytes.length > maxBytes) {
        throw new CorruptException("object " + key + " has " + bytes.length + " bytes, at most "
            + maxBytes + " are accepted");
      }
    });
    return content;
  }

  /**
   * Reads objects that are wanted in this order: the first, and those after it that come without
   * another wait. A store that is asked over a network reads them at once; any other need not
   * override this, which reads the first only.
   *
   * @param keys the keys, at least one
   * @param maxBytes the largest accepted size of each in bytes
   * @return what {@link #get(String, long)} says of the first keys, of at least one
   * @throws CorruptException if the first object is larger
   */
  default List<Optional<byte[]>> getLeading(List<String> keys, long maxBytes) {
    return List.of(get(keys.get(0), maxBytes));
  }

  /**
   * Creates an object unless its key is taken. Of several concurrent calls with one key exactly one
   * wins, and readers see either nothing or the whole content. When the call returns, the object is
   * durable.
   *
   * @param key the key
   * @param content the bytes, not modified
   * @return true if this call created the object; false if an object was already there
   * @throws dev.mlops.error.UnavailableException if the medium failed; <b>the outcome is then
   *     unknown</b>: read the key to learn it
   */
  boolean putIfAbsent(String key, byte[] content);

  /**
   * Lists keys.
   *
   * @param prefix empty for all keys, or a key followed by {@code /}
   * @return every key that starts with the prefix, sorted
   */
  List<String> list(String prefix);

  /**
   * Tells whether objects whose last segment is 20 digits and {@code .json} lie one after another
   * below a prefix, so that reading all of them costs little more than reading one. Where they do
   * not, the registry keeps copies of many events in one object, so that a long log is opened with
   * few reads. A medium that fails makes this false, not an exception.
   *
   * @param prefix a key followed by {@code /}
   * @return true if they do; false, as here, if they do not or it is not known
   */
  default boolean isSequential(String prefix) {
    requirePrefix(prefix);
    return false;
  }

  /**
   * Removes an object for good; does nothing if there is none. Only garbage collection does this.
   *
   * @param key the key
   */
  void delete(String key);

  /**
   * Removes what killed writers left behind and no key names. Only garbage collection does this. A
   * store whose medium leaves nothing need not override it.
   *
   * @param before removes only what was written before this time, by the medium's clock; long
   *     enough ago that no writer is still at work
   * @return how many were removed
   */
  default int removeLeftovers(Instant before) {
    requireNonNull(before, "before");
    return 0;
  }

  /** Frees what the store holds; objects stay. */
  @Override
  void close();

  /**
   * Creates an empty store in memory, for tests and trials.
   *
   * @return a store that forgets everything with the process
   */
  static ObjectStore inMemory() {
    return new InMemoryObjectStore();
  }

  /**
   * Opens a store in a directory, creating the directory if needed. Objects are published by hard
   * link, which is atomic, exclusive and never shows partial content, also across processes and
   * {@code kill -9}; content and directory are forced to the medium. Where the file system has no
   * hard links, writers take a file lock and rename; a warning says so. Objects whose last segment
   * is 20 digits and {@code .json} are kept in one journal per directory, of which writers take a
   * file lock; on other than local file systems they are files too. Symbolic links inside the
   * directory are not followed.
   *
   * <p>Files and directories are their owner's alone, unless the root lets its group do more than
   * others: then the group may do the same inside, as far as the umask allows. Others never get
   * access.
   *
   * @param root the directory; may be read-only for a reader
   * @return the store
   */
  static ObjectStore directory(Path root) {
    return DirectoryObjectStore.open(root);
  }

  /**
   * Checks a key; for implementers.
   *
   * @param key the key
   * @return the key
   * @throws dev.mlops.error.InvalidInputException if it is not a valid key
   */
  static String requireKey(String key) {
    return Keys.requireKey(key);
  }

  /**
   * Checks a prefix to list; for implementers.
   *
   * @param prefix the prefix
   * @return the prefix
   * @throws dev.mlops.error.InvalidInputException if it is neither empty nor a key followed by
   *     {@code /}
   */
  static String requirePrefix(String prefix) {
    return Keys.requirePrefix(prefix);
  }
}
