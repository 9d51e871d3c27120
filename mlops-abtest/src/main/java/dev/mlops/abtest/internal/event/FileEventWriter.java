package dev.mlops.abtest.internal.event;

import dev.mlops.abtest.Event;
import dev.mlops.abtest.EventWriter;
import dev.mlops.abtest.error.AbTestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Appends JSON lines, forces every batch to disk, and starts a new file by size. */
public final class FileEventWriter implements EventWriter {
  private final Path directory;
  private final long maxFileBytes;
  private final Clock clock;
  private @Nullable FileChannel channel;
  private long size;
  private int files;

  private FileEventWriter(Path directory, long maxFileBytes, Clock clock) {
    this.directory = directory;
    this.maxFileBytes = maxFileBytes;
    this.clock = clock;
  }

  public static FileEventWriter in(Path directory, long maxFileBytes, Clock clock) {
    try {
      Files.createDirectories(directory);
      if (!Files.isWritable(directory)) {
        throw new AbTestException.Unavailable("cannot write into " + directory, null);
      }
    } catch (IOException e) {
      throw new AbTestException.Unavailable("cannot create the directory " + directory, e);
    }
    return new FileEventWriter(directory, maxFileBytes, clock);
  }

  @Override
  public void write(List<Event> batch) throws IOException {
    StringBuilder lines = new StringBuilder(batch.size() * 128);
    for (Event event : batch) {
      EventJson.append(lines, event);
    }
    ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
    FileChannel current = channel;
    if (current == null || size >= maxFileBytes) {
      close();
      current = open();
    }
    try {
      while (bytes.hasRemaining()) {
        size += current.write(bytes);
      }
      current.force(false);
    } catch (IOException e) {
      // Part of the batch may be in the file: nothing may follow a line that could be torn.
      close();
      throw e;
    }
  }

  private FileChannel open() throws IOException {
    String name = "events-%013d-%06d-%s.jsonl"
        .formatted(clock.millis(), files++, UUID.randomUUID().toString().substring(0, 8));
    FileChannel opened = FileChannel.open(
        directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel = opened;
    size = 0;
    return opened;
  }

  @Override
  public void close() throws IOException {
    FileChannel current = channel;
    channel = null;
    if (current != null) {
      current.close();
    }
  }
}
