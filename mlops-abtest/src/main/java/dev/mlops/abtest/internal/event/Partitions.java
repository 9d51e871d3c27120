package dev.mlops.abtest.internal.event;

import dev.mlops.abtest.error.AbTestException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Memory: COUNT buffers of BUFFER bytes (4 MiB) while adding, one partition while reading. All events
 * of a unit land in one partition. A partition whose buffer never fills touches no file.
 */
/** Splits records by unit into temporary files, so that units can be joined one part at a time. */
final class Partitions implements AutoCloseable {
  static final int COUNT = 256;
  private static final int BUFFER = 410 * Rec.BYTES;

  private final ByteBuffer[] buffers = new ByteBuffer[COUNT];
  private final FileChannel[] files = new FileChannel[COUNT];
  private @Nullable Path directory;

  void add(Rec rec) {
    int p = (int) (rec.unit() >>> 56);
    ByteBuffer buffer = buffers[p];
    if (buffer == null) {
      buffer = ByteBuffer.allocate(BUFFER);
      buffers[p] = buffer;
    }
    if (buffer.remaining() < Rec.BYTES) {
      spill(p, buffer);
    }
    rec.write(buffer);
  }

  List<Rec> read(int p) {
    List<Rec> records = new ArrayList<>();
    ByteBuffer buffer = buffers[p];
    if (buffer == null) {
      return records;
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      records.add(Rec.read(buffer));
    }
    buffers[p] = null;
    FileChannel file = files[p];
    if (file != null) {
      try {
        file.position(0);
        ByteBuffer chunk = ByteBuffer.allocate(BUFFER);
        while (file.read(chunk) >= 0 || chunk.position() > 0) {
          chunk.flip();
          while (chunk.remaining() >= Rec.BYTES) {
            records.add(Rec.read(chunk));
          }
          chunk.compact();
        }
      } catch (IOException e) {
        throw new AbTestException.Unavailable("cannot read back " + directory, e);
      }
    }
    return records;
  }

  private void spill(int p, ByteBuffer buffer) {
    try {
      Path dir = directory;
      if (dir == null) {
        dir = Files.createTempDirectory("experiment-events");
        directory = dir;
      }
      if (files[p] == null) {
        files[p] = FileChannel.open(
            dir.resolve(Integer.toString(p)),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        files[p].write(buffer);
      }
      buffer.clear();
    } catch (IOException e) {
      throw new AbTestException.Unavailable("cannot write temporary files to " + directory, e);
    }
  }

  @Override
  public void close() {
    try {
      for (FileChannel file : files) {
        if (file != null) {
          file.close();
        }
      }
      Path dir = directory;
      if (dir != null) {
        Files.deleteIfExists(dir);
      }
    } catch (IOException e) {
      throw new AbTestException.Unavailable("cannot remove " + directory, e);
    }
  }
}
