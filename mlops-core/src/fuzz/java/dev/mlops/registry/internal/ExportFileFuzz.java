package dev.mlops.registry.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.error.MlopsException;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Digests;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * Any file is imported or refused with one of our own errors, and a refused one leaves nothing
 * behind. What was imported verifies, and exporting it gives the same file.
 *
 * <p>Input: "R" and the bytes of a file without its digest; or lines of events, an empty line, and
 * lines of contents, from which the file is made.
 */
class ExportFileFuzz {
  private static final int MAX_BYTES = 1 << 20;

  @FuzzTest(maxDuration = "10m")
  void read(byte[] data) throws IOException {
    Path directory = Files.createTempDirectory("fuzz");
    Path file = directory.resolve("model");
    Path again = directory.resolve("again");
    try {
      byte[] content = data.length > 0 && data[0] == 'R' ? raw(data) : assembled(data);
      Files.write(file, content);
      var store = ObjectStore.inMemory();
      var registry = ModelRegistry.builder(store).actor("fuzz").build();
      ModelSnapshot imported;
      try {
        imported = registry.importFrom(file, MAX_BYTES);
      } catch (MlopsException expected) {
        if (!store.list("").isEmpty()) {
          throw new AssertionError("a refused file left " + store.list(""), expected);
        }
        return;
      }
      if (!registry.verify().intact()) {
        throw new AssertionError("an imported model does not verify: " + registry.verify());
      }
      registry.exportTo(imported.model(), again);
      if (!Arrays.equals(Files.readAllBytes(again), content)) {
        throw new AssertionError("exporting what was imported gives another file");
      }
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(again);
      Files.delete(directory);
    }
  }

  private static byte[] raw(byte[] data) {
    return withDigest(Arrays.copyOfRange(data, 1, data.length));
  }

  private static byte[] assembled(byte[] data) throws IOException {
    List<String> lines = new String(data, StandardCharsets.UTF_8).lines().toList();
    int end = lines.indexOf("") < 0 ? lines.size() : lines.indexOf("");
    var contents = new TreeMap<String, byte[]>();
    for (String line : lines.subList(Math.min(end + 1, lines.size()), lines.size())) {
      byte[] content = line.getBytes(StandardCharsets.UTF_8);
      contents.put(Digests.sha256(content), content);
    }
    List<byte[]> events =
        FuzzLog.events(lines.subList(0, end), List.copyOf(contents.values()));
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeBytes("MLOPSX01");
    out.writeUTF(FuzzLog.MODEL);
    writeAll(out, events);
    writeAll(out, contents.values());
    return withDigest(bytes.toByteArray());
  }

  private static void writeAll(DataOutputStream out, java.util.Collection<byte[]> pieces)
      throws IOException {
    out.writeInt(pieces.size());
    for (byte[] piece : pieces) {
      out.writeInt(piece.length);
      out.write(piece);
    }
  }

  private static byte[] withDigest(byte[] body) {
    byte[] digest = HexFormat.of().parseHex(Digests.sha256(body));
    byte[] file = Arrays.copyOf(body, body.length + digest.length);
    System.arraycopy(digest, 0, file, body.length, digest.length);
    return file;
  }
}
