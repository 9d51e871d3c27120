package dev.mlops.registry.internal;

import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.UnavailableException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Artifact;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Digests;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/*
 * One file: "MLOPSX01", model name, number of events, each event's bytes, number of contents, each
 * content's bytes, SHA-256 of everything before. Every piece follows its length. There are no names
 * of files in it, so nothing can be written outside the store: an event goes where its place in the
 * log says, a content where its digest says. Lengths are believed only as far as the file is long.
 * The whole file is checked before anything is written.
 */

/** A model with its history as one file. */
public final class ExportFile {
  private static final byte[] MAGIC = "MLOPSX01".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_NAME = 128;
  private static final int DIGEST_BYTES = 32;

  private final ObjectStore store;
  private final LongSupplier nanoTime;

  ExportFile(ObjectStore store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /** Writes a new file beside the target first, so that a failure leaves no half file. */
  void write(String model, long events, Path target) {
    Path absolute = target.toAbsolutePath();
    Path temporary = absolute.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      // CREATE_NEW takes no file that is there, nor a link.
      try (var channel =
              FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          var digested = new DigestOutputStream(
              new BufferedOutputStream(Channels.newOutputStream(channel)), sha256());
          var out = new DataOutputStream(digested)) {
        write(model, events, out);
        out.write(digested.getMessageDigest().digest());
        out.flush();
        channel.force(true);
      }
      Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UnavailableException("cannot write " + target + ": " + e, e);
    } finally {
      try {
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        temporary.toFile().deleteOnExit();
      }
    }
  }

  private void write(String model, long events, DataOutputStream out) throws IOException {
    out.write(MAGIC);
    out.writeUTF(model);
    out.writeInt((int) events);
    var contents = new TreeMap<String, Artifact>();
    for (long seq = 1; seq <= events; seq++) {
      String key = ModelLog.key(model, seq);
      byte[] content = store
          .get(key, EventJson.MAX_BYTES)
          .orElseThrow(() -> new CorruptException(key + " is missing"));
      if (EventJson.read(key, content) instanceof RegistryEvent.Registered registered) {
        registered.version().artifacts().values().forEach(a -> contents.put(a.sha256(), a));
      }
      out.writeInt(content.length);
      out.write(content);
    }
    out.writeInt(contents.size());
    var blobs = new Blobs(store);
    for (Artifact artifact : contents.values()) {
      byte[] content = blobs.read(artifact);
      out.writeInt(content.length);
      out.write(content);
    }
  }

  /**
   * Checks a file and adds what the store does not have.
   *
   * @param allowed throws if a model must not be added
   * @return the model's name
   */
  String read(Path source, long maxBytes, Consumer<String> allowed) {
    try {
      if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)) {
        throw new InvalidInputException(source + " is no regular file");
      }
      long size = Files.size(source);
      if (size > maxBytes) {
        throw new InvalidInputException(
            source + " has " + size + " bytes, at most " + maxBytes + " are accepted");
      }
      Checked checked = pass(source, size, Optional.empty());
      allowed.accept(checked.model());
      requireNoConflict(checked);
      new Catalog(store).claim(checked.model());
      var contents = new StoredContents(nanoTime, () -> storeContents(source, size));
      contents.store();
      append(checked, contents);
      return checked.model();
    } catch (EOFException e) {
      throw new CorruptException(source + " ends too early", e);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private void storeContents(Path source, long size) {
    try {
      pass(source, size, Optional.of(new Blobs(store)));
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static UnavailableException unreadable(Path source, IOException cause) {
    return new UnavailableException("cannot read " + source + ": " + cause, cause);
  }

  private record Checked(String model, List<byte[]> events) {}

  /** Checks everything; stores contents if asked to. */
  private static Checked pass(Path source, long size, Optional<Blobs> blobs) throws IOException {
    try (var digested = new DigestInputStream(
            new BufferedInputStream(Files.newInputStream(source, LinkOption.NOFOLLOW_LINKS)),
            sha256());
        var in = new DataInputStream(digested)) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new CorruptException(source + " is no exported model of format version 1");
      }
      String model = readName(source, in);
      var state = new ModelState(model);
      var events = new ArrayList<byte[]>();
      var expected = new TreeMap<String, Artifact>();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        byte[] content = readPiece(source, in, Math.min(size, EventJson.MAX_BYTES));
        RegistryEvent event = EventJson.read(source + " event " + (i + 1), content);
        state.apply(event, content);
        events.add(content);
        if (event instanceof RegistryEvent.Registered registered) {
          registered.version().artifacts().values().forEach(a -> expected.put(a.sha256(), a));
        }
      }
      if (events.isEmpty()) {
        throw new CorruptException(source + " holds no event");
      }
      int contents = in.readInt();
      if (contents != expected.size()) {
        throw new CorruptException(
            source + " holds " + contents + " contents, its events use " + expected.size());
      }
      for (Artifact artifact : expected.values()) {
        byte[] content = readPiece(source, in, Math.min(size, artifact.size()));
        Blobs.requireDigest(source + " content", content, artifact.sha256());
        blobs.ifPresent(target -> target.put(artifact.sha256(), content));
      }
      byte[] digest = digested.getMessageDigest().digest();
      if (!MessageDigest.isEqual(digest, in.readNBytes(DIGEST_BYTES)) || in.read() >= 0) {
        throw new CorruptException(source + " does not end in the digest of its content");
      }
      return new Checked(model, events);
    }
  }

  private static String readName(Path source, DataInputStream in) throws IOException {
    try {
      String name = in.readUTF();
      if (name.length() > MAX_NAME) {
        throw new CorruptException(source + " names a model with " + name.length() + " characters");
      }
      return ModelRef.requireName("model", name);
    } catch (java.io.UTFDataFormatException | InvalidInputException e) {
      throw new CorruptException(source + " does not name a model: " + e.getMessage(), e);
    }
  }

  private static byte[] readPiece(Path source, DataInputStream in, long max) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > max) {
      throw new CorruptException(
          source + " holds a piece of " + length + " bytes, at most " + max + " can be");
    }
    byte[] content = in.readNBytes(length);
    if (content.length != length) {
      throw new EOFException();
    }
    return content;
  }

  private void requireNoConflict(Checked checked) {
    for (int i = 0; i < checked.events().size(); i++) {
      String key = ModelLog.key(checked.model(), i + 1L);
      Optional<byte[]> present = store.get(key, EventJson.MAX_BYTES);
      if (present.isEmpty()) {
        return;
      }
      requireSame(key, present.get(), checked.events().get(i));
    }
  }

  private void append(Checked checked, StoredContents contents) {
    for (int i = 0; i < checked.events().size(); i++) {
      String key = ModelLog.key(checked.model(), i + 1L);
      byte[] event = checked.events().get(i);
      contents.refresh();
      if (!Backoff.retry(() -> store.putIfAbsent(key, event))) {
        byte[] present = Backoff.retry(() -> store.get(key, EventJson.MAX_BYTES))
            .orElseThrow(() -> new CorruptException(key + " is missing"));
        requireSame(key, present, event);
      }
    }
  }

  private static void requireSame(String key, byte[] present, byte[] imported) {
    if (!Arrays.equals(present, imported)) {
      throw new ConflictException("the store has another history: " + key + " has SHA-256 "
          + Digests.sha256(present) + ", the imported one " + Digests.sha256(imported));
    }
  }

  /** For fuzzing: parses and reports only our own exceptions. */
  public static boolean accepts(Path source) {
    try {
      pass(source, Files.size(source), Optional.empty());
      return true;
    } catch (MlopsException | EOFException e) {
      return false;
    } catch (IOException e) {
      throw new UnavailableException("cannot read " + source, e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
