package dev.mlops.store.internal;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Invariants
 *  1. A file under its final name is complete and never changes: content is written and forced in
 *     .tmp/ first, then linked.
 *  2. Creation is exclusive: link(2) fails on an existing name, in the kernel, for all processes.
 *     (exists() followed by rename let two of four processes win; CREATE_NEW followed by write
 *     showed torn content to readers.)
 *  3. When putIfAbsent answers, the name is durable: the directory is forced, also when the answer
 *     is "already there", because the winner may not have got that far yet.
 *  4. Nothing below the root is followed if it is a symbolic link.
 *  5. Only the owner has access, and the group if the root is shared with it (see Permissions).
 *  6. Numbered objects of a directory are in one file (see Journal) unless the first writer found
 *     files or a file system without dependable locks; what it found is written down exclusively,
 *     so that all writers agree for good.
 * A process killed between any two steps leaves at most a file in .tmp/.
 */

/** Objects as files below one directory. Safe for use by several threads and processes. */
public final class DirectoryObjectStore implements ObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryObjectStore.class);
  private static final String TEMPORARY = ".tmp";
  private static final String LOCK_FILE = ".lock";
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;
  private final Path root;
  private final boolean posix;
  private final FileAttribute<?>[] fileAttributes;
  private final FileAttribute<?>[] directoryAttributes;
  private final Medium medium;
  private final ConcurrentHashMap<String, Journal> journals = new ConcurrentHashMap<>();
  private volatile @Nullable Boolean dependable;
  private volatile @Nullable Publisher publisher;

  private DirectoryObjectStore(Path root, Medium medium) throws IOException {
    this.root = root;
    this.medium = medium;
    this.posix = Permissions.apply(root);
    Set<PosixFilePermission> group = posix ? Permissions.ofGroup(root) : Set.of();
    this.fileAttributes = Permissions.file(posix, group);
    this.directoryAttributes = Permissions.directory(posix, group);
  }

  public static DirectoryObjectStore open(Path root) {
    return open(root, Medium.ofTheSystem());
  }

  /** Opens on a file system that can do what the medium says. */
  static DirectoryObjectStore open(Path root, Medium medium) {
    try {
      Files.createDirectories(root, Permissions.directory(Permissions.apply(root), Set.of()));
      return new DirectoryObjectStore(root.toRealPath(), medium);
    } catch (IOException e) {
      throw new UnavailableException("cannot open the store directory " + root + ": " + e, e);
    }
  }

  @Override
  public Optional<byte[]> get(String key) {
    return get(key, MAX_BYTES);
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    Keys.requireKey(key);
    long number = Numbered.number(key);
    if (number >= 0) {
      Journal journal = journal(key);
      try {
        if (journal.exists()) {
          return journal.get(number, maxBytes);
        }
      } catch (IOException e) {
        throw new UnavailableException("cannot read " + key + " in " + root + ": " + e, e);
      }
    }
    Path file = root.resolve(key);
    try {
      refuseLinks(file);
      try (SeekableByteChannel channel =
          Files.newByteChannel(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))) {
        long size = channel.size();
        if (size > Math.min(maxBytes, MAX_BYTES)) {
          throw new CorruptException(
              "object " + key + " has " + size + " bytes, at most " + maxBytes + " are accepted");
        }
        var content = ByteBuffer.allocate((int) size);
        while (content.hasRemaining() && channel.read(content) >= 0) {
          continue;
        }
        if (content.hasRemaining()) {
          throw new CorruptException(
              "object " + key + " ends after " + content.position() + " of " + size + " bytes");
        }
        return Optional.of(content.array());
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (Files.isDirectory(file, NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      throw new UnavailableException("cannot read " + key + " in " + root + ": " + e, e);
    }
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    Path target = resolve(key);
    try {
      long number = Numbered.number(key);
      if (number >= 0 && hasJournal(key, target)) {
        return append(key, number, target, content);
      }
      return create(key, target, content);
    } catch (IOException e) {
      throw new UnavailableException("cannot write " + key + " in " + root + ": " + e, e);
    }
  }

  private boolean create(String key, Path target, byte[] content) throws IOException {
    refuseLinks(target);
    if (Files.exists(target, NOFOLLOW_LINKS)) {
      return alreadyThere(key, target);
    }
    Path directory = parent(target);
    makeDirectories(directory);
    makeDirectories(root.resolve(TEMPORARY));
    Publisher chosen = publisher();
    Path temporary = root.resolve(TEMPORARY).resolve(UUID.randomUUID().toString());
    try {
      write(temporary, content);
      if (!chosen.publish(temporary, target)) {
        return alreadyThere(key, target);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
    force(directory);
    return true;
  }

  private Journal journal(String key) {
    String directory = key.substring(0, key.lastIndexOf('/'));
    Journal known = journals.get(directory);
    return known != null ? known : journals.computeIfAbsent(directory, this::newJournal);
  }

  private Journal newJournal(String directory) {
    Path path = root.resolve(directory);
    return new Journal(path, () -> refuseLinks(path.resolve(Journal.NAME)), fileAttributes);
  }

  /** Tells whether a numbered object goes into a journal; the first writer decides. */
  private boolean hasJournal(String key, Path target) throws IOException {
    Journal journal = journal(key);
    if (!journal.exists() && !journal.isNone()) {
      Path directory = parent(target);
      boolean start = !hasNumberedFiles(directory) && hasDependableLocks();
      create(
          directory + "/" + Journal.NAME, directory.resolve(Journal.NAME), Journal.initial(start));
    }
    return journal.exists();
  }

  private boolean append(String key, long number, Path target, byte[] content) throws IOException {
    if (Files.exists(target, NOFOLLOW_LINKS)) {
      if (Files.isDirectory(target, NOFOLLOW_LINKS)) {
        throw new InvalidInputException("'" + key + "' is the directory of other keys");
      }
      throw beside(target);
    }
    if (!hasDependableLocks()) {
      throw new IOException("its journal can only be written on a local file system");
    }
    return journal(key).append(number, content);
  }

  private static CorruptException beside(Path stranger) {
    return new CorruptException(stranger + " lies beside a journal, which has all such objects");
  }

  private boolean hasDependableLocks() throws IOException {
    Boolean known = dependable;
    if (known == null) {
      known = medium.hasDependableLocks(root);
      dependable = known;
      if (!known) {
        LOG.warn("{} is not on a local file system: a file for each event", root);
      }
    }
    return known;
  }

  private static boolean hasNumberedFiles(Path directory) throws IOException {
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.anyMatch(entry -> Numbered.number("/" + entry.getFileName()) >= 0);
    }
  }

  private boolean alreadyThere(String key, Path target) throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(target, BasicFileAttributes.class, NOFOLLOW_LINKS);
    if (found.isDirectory()) {
      throw new InvalidInputException("'" + key + "' is the directory of other keys");
    }
    if (found.isSymbolicLink()) {
      throw isLink(target);
    }
    force(parent(target));
    return false;
  }

  @Override
  public List<String> list(String prefix) {
    Keys.requirePrefix(prefix);
    Path start = prefix.isEmpty() ? root : root.resolve(prefix.substring(0, prefix.length() - 1));
    var keys = new ArrayList<String>();
    try {
      refuseLinks(start.resolve("x"));
      if (Files.isDirectory(start, NOFOLLOW_LINKS)) {
        collect(start, prefix, keys);
      }
    } catch (IOException e) {
      throw new UnavailableException("cannot list " + prefix + " in " + root + ": " + e, e);
    }
    keys.sort(null);
    return List.copyOf(keys);
  }

  private void collect(Path directory, String prefix, List<String> keys) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = entry.getFileName().toString();
        if (name.equals(Journal.NAME)) {
          if (prefix.isEmpty()) {
            throw new CorruptException(entry + " is no file of a store");
          }
          collectJournal(directory, prefix, keys);
        }
        if (name.startsWith(".")) {
          continue;
        }
        BasicFileAttributes found;
        try {
          found = Files.readAttributes(entry, BasicFileAttributes.class, NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
          continue; // deleted since it was listed
        }
        if (found.isSymbolicLink()) {
          throw isLink(entry);
        }
        if (found.isDirectory()) {
          collect(entry, prefix + name + "/", keys);
        } else {
          keys.add(prefix + name);
        }
      }
    }
  }

  private void collectJournal(Path directory, String prefix, List<String> keys) throws IOException {
    Journal journal = journal(prefix + "x");
    journal.close(); // whatever was seen before may have been damaged since
    if (!journal.exists()) {
      return;
    }
    for (long number : journal.numbers()) {
      keys.add(prefix + Numbered.name(number));
    }
    try (Stream<Path> entries = Files.list(directory)) {
      Optional<Path> stranger = entries
          .filter(e -> Numbered.number("/" + e.getFileName()) >= 0 && !Files.isDirectory(e))
          .findFirst();
      if (stranger.isPresent()) {
        throw beside(stranger.get());
      }
    }
  }

  @Override
  public boolean isSequential(String prefix) {
    Keys.requirePrefix(prefix);
    try {
      return !prefix.isEmpty() && journal(prefix + "x").exists();
    } catch (IOException | CorruptException e) {
      return false;
    }
  }

  @Override
  public void delete(String key) {
    Path file = resolve(key);
    long number = Numbered.number(key);
    try {
      if (number >= 0 && journal(key).exists()) {
        journal(key).delete(number);
        return;
      }
      refuseLinks(file);
      if (Files.isRegularFile(file, NOFOLLOW_LINKS) && Files.deleteIfExists(file)) {
        force(parent(file));
      }
    } catch (IOException e) {
      throw new UnavailableException("cannot delete " + key + " in " + root + ": " + e, e);
    }
  }

  @Override
  public int removeLeftovers(Instant before) {
    Path directory = root.resolve(TEMPORARY);
    int removed = 0;
    try {
      if (Files.isDirectory(directory, NOFOLLOW_LINKS)) {
        try (Stream<Path> files = Files.list(directory)) {
          for (Path file : (Iterable<Path>) files::iterator) {
            removed += isOlder(file, before) && Files.deleteIfExists(file) ? 1 : 0;
          }
        }
      }
      return removed;
    } catch (IOException e) {
      throw new UnavailableException("cannot remove leftovers in " + root + ": " + e, e);
    }
  }

  private static boolean isOlder(Path file, Instant before) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
      return !found.isDirectory() && found.lastModifiedTime().toInstant().isBefore(before);
    } catch (NoSuchFileException e) {
      return false; // its writer has finished
    }
  }

  @Override
  public void close() {
    journals.values().forEach(journal -> {
      try {
        journal.close();
      } catch (IOException e) {
        LOG.debug("a journal in {} was not closed", root, e);
      }
    });
  }

  @Override
  public String toString() {
    return "directory store " + root;
  }

  private Path resolve(String key) {
    return root.resolve(Keys.requireKey(key));
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalStateException(file + " has no parent");
    }
    return parent;
  }

  private void refuseLinks(Path file) {
    Path checked = root;
    for (Path part : root.relativize(parent(file))) {
      checked = checked.resolve(part);
      if (Files.isSymbolicLink(checked)) {
        throw isLink(checked);
      }
    }
    if (Files.isSymbolicLink(file)) {
      throw isLink(file);
    }
  }

  private static CorruptException isLink(Path path) {
    return new CorruptException(path + " is a symbolic link; a store follows none");
  }

  private void write(Path temporary, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(
        temporary,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        fileAttributes)) {
      var remaining = ByteBuffer.wrap(content);
      while (remaining.hasRemaining()) {
        channel.write(remaining);
      }
      channel.force(true);
    }
  }

  private void makeDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      return;
    }
    Path parent = parent(directory);
    String key = root.relativize(directory).toString().replace('\\', '/');
    if (Numbered.number(key) >= 0 && get(key).isPresent()) {
      throw new CorruptException(directory + " should be a directory of the store");
    }
    makeDirectories(parent);
    try {
      Files.createDirectory(directory, directoryAttributes);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
        throw new CorruptException(directory + " should be a directory of the store", e);
      }
    }
    force(parent);
  }

  private void force(Path directory) throws IOException {
    if (posix) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private Publisher publisher() throws IOException {
    Publisher known = publisher;
    if (known == null) {
      known = probe();
      publisher = known;
    }
    return known;
  }

  private Publisher probe() throws IOException {
    Path lockFile = root.resolve(LOCK_FILE);
    if (Files.exists(lockFile, NOFOLLOW_LINKS)) {
      return Publisher.byLockAndRename(lockFile, fileAttributes);
    }
    Path probe = root.resolve(TEMPORARY).resolve(UUID.randomUUID().toString());
    Path link = root.resolve(TEMPORARY).resolve(UUID.randomUUID().toString());
    write(probe, new byte[] {1});
    try {
      medium.link(link, probe);
      return Publisher.byHardLink(medium);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("{} has no hard links; writers take the lock file {} instead", root, lockFile, e);
      return Publisher.byLockAndRename(lockFile, fileAttributes);
    } finally {
      Files.deleteIfExists(link);
      Files.deleteIfExists(probe);
    }
  }
}
