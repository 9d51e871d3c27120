package dev.mlops.abtest.internal.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.abtest.AssignmentStore;
import dev.mlops.abtest.error.AbTestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One line ["salt","unit","variant"] per entry, forced to disk before it is answered. */
public final class FileAssignmentStore implements AssignmentStore {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final Map<String, String> variants = new ConcurrentHashMap<>();
  private final Object lock = new Object();

  private FileAssignmentStore(Path file) {
    this.file = file;
  }

  public static AssignmentStore open(Path file) {
    FileAssignmentStore store = new FileAssignmentStore(file);
    try {
      if (Files.exists(file)) {
        store.load(Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new AbTestException.Unavailable("cannot read assignments from " + file, e);
    }
    return store;
  }

  private void load(byte[] bytes) throws IOException {
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        String[] entry = entry(new String(bytes, from, i - from, StandardCharsets.UTF_8));
        if (entry.length == 3) {
          variants.putIfAbsent(entry[0] + '\0' + entry[1], entry[2]);
        }
        from = i + 1;
      }
    }
    if (from < bytes.length) {
      append("\n");
    }
  }

  private static String[] entry(String line) {
    try {
      return MAPPER.readValue(line, String[].class);
    } catch (JsonProcessingException e) {
      return new String[0];
    }
  }

  @Override
  public Optional<String> find(String salt, String unitId) {
    return Optional.ofNullable(variants.get(salt + '\0' + unitId));
  }

  @Override
  public String putIfAbsent(String salt, String unitId, String variant) {
    synchronized (lock) {
      String earlier = variants.get(salt + '\0' + unitId);
      if (earlier != null) {
        return earlier;
      }
      try {
        append(MAPPER.writeValueAsString(new String[] {salt, unitId, variant}) + "\n");
      } catch (IOException e) {
        throw new AbTestException.Unavailable("cannot write an assignment to " + file, e);
      }
      variants.put(salt + '\0' + unitId, variant);
      return variant;
    }
  }

  private void append(String line) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
  }
}
