package dev.mlops.store.internal;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.error.MlopsException;
import dev.mlops.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A journal of any bytes, or of frames whose checksums hold, gives objects or one of our own errors.
 * What it gives once it gives again, also after the next object was appended.
 */
class JournalFuzz {
  @FuzzTest(maxDuration = "10m")
  void read(FuzzedDataProvider data) throws IOException {
    Path root = Files.createTempDirectory("fuzz");
    try {
      Path directory = Files.createDirectories(root.resolve("m"));
      Files.write(directory.resolve(Journal.NAME), journal(data));
      ObjectStore store = ObjectStore.directory(root);
      try {
        List<String> keys = store.list("m/");
        for (String key : keys) {
          byte[] content = store.get(key, 1 << 20).orElseThrow();
          if (store.putIfAbsent(key, new byte[1])
              || !Arrays.equals(store.get(key).orElseThrow(), content)) {
            throw new AssertionError("object " + key + " changed");
          }
        }
        String next = "m/" + Numbered.name(7_777_777);
        if (store.putIfAbsent(next, new byte[] {1, 0, 2}) == keys.contains(next)) {
          throw new AssertionError("object " + next + " was there: " + keys.contains(next));
        }
        if (!ObjectStore.directory(root).list("m/").containsAll(keys)) {
          throw new AssertionError("objects were lost");
        }
      } catch (MlopsException expected) {
        // a typed refusal is an answer
      }
    } finally {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static byte[] journal(FuzzedDataProvider data) throws IOException {
    var out = new ByteArrayOutputStream();
    if (data.consumeProbabilityFloat() < 0.02f) {
      out.write(data.consumeRemainingAsBytes());
      return out.toByteArray();
    }
    out.write(Journal.initial(true), 0, 16);
    while (data.remainingBytes() > 0 && data.consumeProbabilityFloat() < 0.9f) {
      long number = data.consumeInt(0, 3);
      Character kind = data.pickValue(new Character[] {
        JournalFrame.TEXT, JournalFrame.BASE64, JournalFrame.DELETED
      });
      byte[] frame = JournalFrame.encode(number, kind, data.consumeBytes(40));
      if (data.consumeProbabilityFloat() < 0.1f) {
        frame[data.consumeInt(0, frame.length - 1)] = data.consumeByte();
      }
      out.write(frame);
    }
    out.write(data.consumeRemainingAsBytes());
    out.write(new byte[data.consumeInt(0, 100)]);
    return out.toByteArray();
  }
}
