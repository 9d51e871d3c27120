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
  private static final int MAX_ENTRIES = 4096;
  private static final int MAX_BYTES = Json.MAX_BYTES / 2; // far from what readers refuse
  private static final byte[] OPENING =
      "{\"formatVersion\":1,\"entries\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSING = "]}".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private JsonGenerator json = Json.sequence(bytes);
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** Tells whether the segment must be closed, so that readers accept it. */
  boolean isFull() {
    return size >= MAX_ENTRIES || bytes.size() >= MAX_BYTES;
  }

  void add(Entry entry) {
    try {
      Entry.write(entry, json);
      size++;
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
  }

  /** Returns the entries as a segment and starts an empty one. */
  byte[] take() {
    try {
      json.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory failed", e);
    }
    var segment = new ByteArrayOutputStream(OPENING.length + bytes.size() + CLOSING.length);
    segment.writeBytes(OPENING);
    segment.writeBytes(bytes.toByteArray());
    segment.writeBytes(CLOSING);
    bytes.reset();
    json = Json.sequence(bytes);
    size = 0;
    return Sealed.seal(segment.toByteArray());
  }
}
