package dev.mlops.store.internal;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * The numbered objects of one directory in one file: 16 bytes that name the format, frames without
 * a gap, zeros. A file of its own for each object costs two commits of the file system's journal
 * (the content, then the name). Here an object is written over zeros that are on the disk already:
 * one forced write, no change of any length or name.
 *
 * Invariants
 *  1. Only the holder of the mutex writes, and it reads to the end first. So of several writers of
 *     one number one wins.
 *  2. A write forces the bytes that it writes and no others. A frame is on the disk when its writer
 *     gives the mutex up, unless that was killed or its write failed. Even then the frame may be
 *     seen, and the system may take it for written. So whoever finds a last frame that it did not
 *     write itself writes it once more, before it says that the number is taken and before it
 *     writes a frame behind it: all frames but the last are on the disk.
 *  3. Readers take no lock. They believe a frame when both its checksums hold, so they see all of
 *     it or nothing.
 *  4. What follows the last frame is zero, or what an interrupted write left: the next writer makes
 *     it zero. Whatever else does not hold is damage, and nothing is written any more. In
 *     particular, a frame that does not hold but has whole frames behind it is damage.
 *  5. The file grows by zeros that are forced before a frame is written over them.
 */

/** A file of numbered objects. Safe for use by several threads and processes. */
final class Journal {
  /** The name of the file; no key can name it. */
  static final String NAME = ".journal";
  /** What the file holds at first. */
  static final int FIRST_LENGTH = 64 << 10;

  private static final String LOCK_NAME = ".journal.lock";
  private static final byte[] JOURNAL = "mlops-journal-1\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NO_JOURNAL = "mlops-no-journal".getBytes(StandardCharsets.US_ASCII);
  private static final int START = JOURNAL.length;
  private static final int WORD = 8;
  private static final int CHUNK = 64 << 10;
  private static final int LONGEST_GROWTH = 1 << 20;
  private static final int LOOKS = 50;
  private static final int MAX_BYTES = 64 << 20;
  /** More than one interrupted write and the room made for it. */
  private static final int MAX_REST = 128 << 20;

  private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Place(long position, JournalFrame frame) {}

  private final Path file;
  private final Path lockFile;
  private final Runnable refuseLinks;
  private final FileAttribute<?>[] attributes;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock:
  private @Nullable FileChannel channel;
  private @Nullable Object fileKey;
  private long looked;
  private boolean isNone;
  private final Map<Long, Place> places = new HashMap<>();
  private long end = START;
  private long lastFrame = START;
  private long last = -1;
  private byte[] window = new byte[0];
  private long windowStart;
  // Guarded by the mutex:
  private boolean zeroToTheEnd;
  /** Where frames end that are on the disk for sure, or -1. */
  private long settled = -1;

  /**
   * Names a journal.
   *
   * @param refuseLinks throws if the file or a directory above it in the store is a link
   * @param attributes of the lock file
   */
  Journal(Path directory, Runnable refuseLinks, FileAttribute<?>... attributes) {
    this.refuseLinks = refuseLinks;
    this.file = directory.resolve(NAME);
    this.lockFile = directory.resolve(LOCK_NAME);
    this.attributes = attributes;
  }

  /** The content of a new file: an empty journal, or a note that the directory has files. */
  static byte[] initial(boolean journal) {
    return journal ? Arrays.copyOf(JOURNAL, FIRST_LENGTH) : NO_JOURNAL.clone();
  }

  /** Tells whether there is a journal. */
  boolean exists() throws IOException {
    lock.lock();
    try {
      long now = System.nanoTime();
      if (channel != null && now - looked > RECHECK_NANOS) {
        looked = now;
        closeIfReplaced();
      }
      return channel != null || (!isNone && open());
    } finally {
      lock.unlock();
    }
  }

  /** Another directory may have been put in this one's place, say from a backup. */
  private void closeIfReplaced() throws IOException {
    try {
      if (!Objects.equals(fileKey, key())) {
        close();
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      close();
    }
  }

  /** Tells whether it was written down that the directory has no journal. */
  boolean isNone() {
    lock.lock();
    try {
      return isNone;
    } finally {
      lock.unlock();
    }
  }

  private boolean open() throws IOException {
    refuseLinks.run();
    FileChannel opened;
    try {
      opened = FileChannel.open(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return false;
    }
    try {
      byte[] start = new byte[START];
      fill(opened, start, 0);
      isNone = Arrays.equals(start, NO_JOURNAL) && opened.size() == NO_JOURNAL.length;
      if (!isNone && !Arrays.equals(start, JOURNAL)) {
        throw new CorruptException(file + " is no journal of format version 1");
      }
      forget();
      if (!isNone) {
        fileKey = key();
        channel = opened;
        looked = System.nanoTime();
      }
    } finally {
      if (channel == null) {
        opened.close();
      }
    }
    return !isNone;
  }

  private void forget() {
    places.clear();
    end = START;
    lastFrame = START;
    last = -1;
    window = new byte[0];
  }

  private @Nullable Object key() throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
  }

  /** Starts anew; also when the file was replaced by another one. */
  void close() throws IOException {
    lock.lock();
    try {
      FileChannel open = channel;
      channel = null;
      isNone = false;
      forget();
      if (open != null) {
        open.close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Something that reads the file. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  /** An interrupted thread closes the channel for all: the next one opens it again. */
  private <T> T reading(Reading<T> reading) throws IOException {
    lock.lock();
    try {
      if (!exists()) {
        throw new NoSuchFileException(file.toString());
      }
      return reading.read();
    } catch (IOException e) {
      close();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Reads an object: nothing more than a look at the end if it is the next one and not there. */
  Optional<byte[]> get(long number, long maxBytes) throws IOException {
    return reading(() -> {
      Place place = places.get(number);
      if (place == null) {
        readOn();
        place = places.get(number);
      }
      if (place == null) {
        return Optional.empty();
      }
      int total = place.frame().total();
      if (place.frame().length() > maxBytes) {
        throw new CorruptException("object " + number + " in " + file + " has "
            + place.frame().length() + " bytes, at most " + maxBytes + " are accepted");
      }
      int offset = number == last + 1
          ? inWindow(place.position(), total, end)
          : refill(place.position(), total);
      last = number;
      JournalFrame found = JournalFrame.parse(window, offset);
      if (found == null || !found.equals(place.frame()) || !found.holds(window, offset)) {
        throw damaged(place.position());
      }
      byte[] content;
      try {
        content = found.content(window, offset);
      } catch (IllegalArgumentException e) { // checksums can be forged
        throw damaged(place.position());
      }
      if (place.position() + total == end) {
        window = new byte[0];
      }
      return Optional.of(content);
    });
  }

  /** Lists the numbers after reading and checking the whole file. */
  List<Long> numbers() throws IOException {
    close();
    return reading(() -> {
      readOn();
      for (int looks = 0; !restIsSound(); looks++) {
        if (looks == LOOKS) {
          throw damaged(end);
        }
        readOn(); // a writer may be at work
      }
      return places.keySet().stream().sorted().toList();
    });
  }

  /** Folds the frames that were added. */
  private void readOn() throws IOException {
    byte[] word = new byte[WORD];
    if (fill(channel(), word, end) < WORD || JournalFrame.hasZeroWord(word, 0, WORD)) {
      return;
    }
    window = new byte[0];
    for (int looks = 0; ; ) {
      int offset = inWindow(end, JournalFrame.HEADER, Long.MAX_VALUE);
      JournalFrame frame = JournalFrame.parse(window, offset);
      int seen = JournalFrame.HEADER;
      if (frame != null
          && (frame.total() <= CHUNK || end + frame.total() <= channel().size())) {
        offset = inWindow(end, frame.total(), Long.MAX_VALUE);
        if (frame.holds(window, offset)) {
          add(frame);
          looks = 0;
          continue;
        }
        seen = frame.total();
      }
      boolean zeros = JournalFrame.hasZeroWord(window, offset, offset + seen);
      window = new byte[0];
      if (zeros) {
        return; // no frame, or not yet a whole one
      }
      if (++looks == LOOKS) { // a writer may be at work
        throw damaged(end);
      }
    }
  }

  private void add(JournalFrame frame) {
    Place before = frame.kind() == JournalFrame.DELETED
        ? places.remove(frame.number())
        : places.put(frame.number(), new Place(end, frame));
    if ((before == null) == (frame.kind() == JournalFrame.DELETED)) {
      throw new CorruptException(file + " has object " + frame.number()
          + (before == null ? " deleted that it does not have" : " twice"));
    }
    lastFrame = end;
    end += frame.total();
  }

  private CorruptException damaged(long position) {
    return new CorruptException(file + " is damaged at byte " + position);
  }

  /** Whether all behind the end is zero or from one interrupted write. */
  private boolean restIsSound() throws IOException {
    byte[] rest = rest();
    if (JournalFrame.hasMixedWord(rest, 0, rest.length)) {
      return false;
    }
    for (int i = WORD; i + JournalFrame.HEADER <= rest.length; i += WORD) {
      JournalFrame frame = JournalFrame.parse(rest, i);
      if (frame != null && frame.total() <= rest.length - i && frame.holds(rest, i)) {
        return false;
      }
    }
    return true;
  }

  private byte[] rest() throws IOException {
    long length = Math.max(0, channel().size() - end);
    if (length > MAX_REST) {
      throw damaged(end);
    }
    byte[] rest = new byte[(int) length];
    fill(channel(), rest, end);
    return rest;
  }

  /** Writes an object unless its number is taken. */
  boolean append(long number, byte[] content) throws IOException {
    if (content.length > MAX_BYTES) {
      throw new InvalidInputException("object " + number + " in " + file + " would have "
          + content.length + " bytes, at most " + MAX_BYTES + " are accepted");
    }
    return write(number, JournalFrame.encode(number, content), false);
  }

  /** Says that an object is there no more, if it is. Its bytes stay in the file. */
  void delete(long number) throws IOException {
    write(number, JournalFrame.encodeDeletion(number), true);
  }

  private boolean write(long number, byte[] frame, boolean present) throws IOException {
    refuseLinks.run();
    return FileMutex.holding(lockFile, attributes, mutex -> {
      try (var out = FileChannel.open(
          file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.DSYNC, NOFOLLOW_LINKS))) {
        mutex.requireHeld();
        return write(out, number, frame, present);
      }
    });
  }

  private boolean write(FileChannel out, long number, byte[] frame, boolean present)
      throws IOException {
    long position = reading(() -> {
      FileChannel before = channel;
      closeIfReplaced();
      if (channel != before) {
        zeroToTheEnd = false;
        settled = -1;
        if (!open()) {
          throw new NoSuchFileException(file.toString());
        }
      }
      readOn();
      settle(out);
      return places.containsKey(number) == present ? end : -1;
    });
    if (position < 0) {
      return false;
    }
    makeRoom(out, position, frame.length);
    zeroToTheEnd = false;
    put(out, frame, position);
    zeroToTheEnd = true;
    settled = position + frame.length;
    added(position, frame);
    return true;
  }

  /** Writes the last frame once more, unless it is on the disk for sure. */
  private void settle(FileChannel out) throws IOException {
    if (settled != end && end > START) {
      byte[] frame = new byte[(int) (end - lastFrame)];
      fill(channel(), frame, lastFrame);
      JournalFrame found = JournalFrame.parse(frame, 0);
      if (found == null || found.total() != frame.length || !found.holds(frame, 0)) {
        throw damaged(lastFrame);
      }
      put(out, frame, lastFrame);
    }
    settled = end;
  }

  /** Takes note of a frame that was written, unless the file was opened again meanwhile. */
  private void added(long position, byte[] bytes) {
    lock.lock();
    try {
      JournalFrame frame = JournalFrame.parse(bytes, 0);
      if (frame != null && channel != null && end == position) {
        add(frame);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes what follows zero and long enough. */
  private void makeRoom(FileChannel out, long position, int length) throws IOException {
    if (!zeroToTheEnd || reading(() -> startsWithSomething(position))) {
      byte[] rest = reading(() -> {
        if (!restIsSound()) {
          throw damaged(end);
        }
        return rest();
      });
      int used = rest.length;
      while (used > 0 && rest[used - 1] == 0) {
        used--;
      }
      if (used > 0) {
        put(out, new byte[used], position);
      }
    }
    long size = out.size();
    if (position + length > size) {
      long growth = Math.max(FIRST_LENGTH, Math.min(LONGEST_GROWTH, size / 2));
      long target = (position + length + growth) / CHUNK * CHUNK;
      for (long at = size; at < target; at += LONGEST_GROWTH) {
        put(out, new byte[(int) Math.min(LONGEST_GROWTH, target - at)], at);
      }
    }
  }

  private boolean startsWithSomething(long position) throws IOException {
    byte[] word = new byte[WORD];
    fill(channel(), word, position);
    return !JournalFrame.hasZeroWord(word, 0, WORD);
  }

  private static void put(FileChannel out, byte[] bytes, long position) throws IOException {
    var remaining = ByteBuffer.wrap(bytes);
    while (remaining.hasRemaining()) {
      out.write(remaining, position + remaining.position());
    }
  }

  private FileChannel channel() {
    return Objects.requireNonNull(channel, "channel");
  }

  /** Makes sure that some bytes are in the window, with more before a limit; where they start. */
  private int inWindow(long position, int length, long limit) throws IOException {
    if (position < windowStart || position + length > windowStart + window.length) {
      refill(position, (int) Math.max(length, Math.min(CHUNK, limit - position)));
    }
    return (int) (position - windowStart);
  }

  /** Reads bytes into the window; zeros stand for what lies behind the end of the file. */
  private int refill(long position, int length) throws IOException {
    window = new byte[length];
    windowStart = position;
    fill(channel(), window, position);
    return 0;
  }

  private static int fill(FileChannel from, byte[] bytes, long position) throws IOException {
    var remaining = ByteBuffer.wrap(bytes);
    while (remaining.hasRemaining() && from.read(remaining, position + remaining.position()) >= 0) {
      continue;
    }
    return remaining.position();
  }
}
