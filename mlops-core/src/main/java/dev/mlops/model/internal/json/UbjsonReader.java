package dev.mlops.model.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.mlops.error.CorruptException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Universal Binary JSON (ubjson.org, draft 12) into a tree. Lengths are compared with the bytes
 * that are left before anything is allocated, and there are no more values than bytes, although a
 * list of one type may hold values that take none. Used once; not safe for use by several threads.
 */
final class UbjsonReader {
  private static final int MAX_DEPTH = 64;
  private static final char ANY = 0;

  private final ByteBuffer in;
  private int values;

  UbjsonReader(byte[] content) {
    this.in = ByteBuffer.wrap(content);
  }

  JsonNode read() {
    try {
      JsonNode node = value(marker(), 0);
      if (in.hasRemaining()) {
        throw new CorruptException(in.remaining() + " bytes follow the end of the UBJSON value");
      }
      return node;
    } catch (BufferUnderflowException e) {
      throw new CorruptException("UBJSON ends early", e);
    }
  }

  private char marker() {
    char marker;
    do {
      marker = (char) (in.get() & 0xff);
    } while (marker == 'N'); // no-op
    return marker;
  }

  private JsonNode value(char marker, int depth) {
    if (depth > MAX_DEPTH) {
      throw new CorruptException("UBJSON is nested more than " + MAX_DEPTH + " deep");
    }
    if (++values > in.limit()) {
      throw new CorruptException("UBJSON has more values than its " + in.limit() + " bytes");
    }
    return switch (marker) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case 'S' -> TextNode.valueOf(text(length(marker())));
      case 'C' -> TextNode.valueOf(String.valueOf((char) in.get()));
      case 'T' -> BooleanNode.TRUE;
      case 'F' -> BooleanNode.FALSE;
      case 'Z' -> NullNode.getInstance();
      case 'd' -> FloatNode.valueOf(in.getFloat());
      case 'D' -> DoubleNode.valueOf(in.getDouble());
      case 'i', 'U', 'I', 'l', 'L' -> LongNode.valueOf(integer(marker));
      default -> throw new CorruptException("UBJSON has an unknown type '" + marker + "'");
    };
  }

  private long integer(char marker) {
    return switch (marker) {
      case 'i' -> in.get();
      case 'U' -> in.get() & 0xff;
      case 'I' -> in.getShort();
      case 'l' -> in.getInt();
      case 'L' -> in.getLong();
      default -> throw new CorruptException("UBJSON needs an integer, got type '" + marker + "'");
    };
  }

  private int length(char marker) {
    long length = integer(marker);
    if (length < 0 || length > in.remaining()) {
      throw new CorruptException(
          "UBJSON says " + length + " elements, but has " + in.remaining() + " bytes left");
    }
    return (int) length;
  }

  private String text(int length) {
    byte[] utf8 = new byte[length];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private JsonNode array(int depth) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    char next = marker();
    char type = ANY;
    if (next == '$') {
      type = marker();
      next = marker();
    }
    if (next == '#') {
      int count = length(marker());
      for (int i = 0; i < count; i++) {
        array.add(value(type == ANY ? marker() : type, depth + 1));
      }
      return array;
    }
    for (; next != ']'; next = marker()) {
      array.add(value(next, depth + 1));
    }
    return array;
  }

  private JsonNode object(int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    char next = marker();
    char type = ANY;
    if (next == '$') {
      type = marker();
      next = marker();
    }
    if (next == '#') {
      int count = length(marker());
      for (int i = 0; i < count; i++) {
        String name = text(length(marker()));
        object.set(name, value(type == ANY ? marker() : type, depth + 1));
      }
      return object;
    }
    for (; next != '}'; next = marker()) {
      String name = text(length(next));
      object.set(name, value(marker(), depth + 1));
    }
    return object;
  }
}
