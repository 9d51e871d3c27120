package dev.mlops.abtest.internal.event;

import dev.mlops.abtest.Event;
import dev.mlops.abtest.error.AbTestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads the JSON-lines files of a directory in the order of their names. */
public final class EventFiles {
  private long torn;
  private long corrupt;

  public long torn() {
    return torn;
  }

  public long corrupt() {
    return corrupt;
  }

  public void read(Path directory, Consumer<Event> events) {
    try (Stream<Path> listing = Files.list(directory)) {
      List<Path> files = listing
          .filter(f -> f.getFileName().toString().endsWith(".jsonl"))
          .sorted()
          .toList();
      for (Path file : files) {
        readFile(file, events);
      }
    } catch (IOException e) {
      throw new AbTestException.Unavailable("cannot read events from " + directory, e);
    }
  }

  private void readFile(Path file, Consumer<Event> events) throws IOException {
    byte[] buffer = new byte[1 << 16];
    int filled = 0;
    try (InputStream in = Files.newInputStream(file)) {
      while (true) {
        if (filled == buffer.length) {
          buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int n = in.read(buffer, filled, buffer.length - filled);
        if (n < 0) {
          break;
        }
        int from = 0;
        for (int i = filled; i < filled + n; i++) {
          if (buffer[i] == '\n') {
            line(buffer, from, i - from, events);
            from = i + 1;
          }
        }
        filled = filled + n - from;
        System.arraycopy(buffer, from, buffer, 0, filled);
      }
    }
    if (filled > 0) {
      torn++;
    }
  }

  private void line(byte[] buffer, int from, int length, Consumer<Event> events) {
    if (length == 0) {
      return;
    }
    Event event = EventJson.parse(buffer, from, length);
    if (event == null) {
      corrupt++;
    } else {
      events.accept(event);
    }
  }
}
