package dev.mlops.tracking.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Sealed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Entries on their way into a segment, as JSON already. Not safe for use by several threads. */
final class SegmentBuffer {
  private static final byte[] OPENING =
      "{\"formatVersion\":1,\"entries\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSING = "]}".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private JsonGenerator json = Json.sequence(bytes);
  private int size;

  int size() {
    return size;
  }

  void add(Entry entry) {
    try {
      Entry.write(entry, json);
      size++;
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
  }

  /** Returns the segment; the entries stay until {@link #clear}. */
  byte[] sealed() {
    try {
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
    var segment = new ByteArrayOutputStream(OPENING.length + bytes.size() + CLOSING.length);
    segment.writeBytes(OPENING);
    segment.writeBytes(bytes.toByteArray());
    segment.writeBytes(CLOSING);
    return Sealed.seal(segment.toByteArray());
  }

  void clear() {
    bytes.reset();
    json = Json.sequence(bytes);
    size = 0;
  }
}
