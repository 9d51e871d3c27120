package dev.mlops.model.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Collects the body of a flat file, little endian; arrays carry their length in front. */
public final class FlatWriter {
  private ByteBuffer out = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

  private ByteBuffer room(long bytes) {
    if (out.remaining() < bytes) {
      long needed = out.position() + bytes;
      int capacity =
          Math.toIntExact(Math.min(Integer.MAX_VALUE - 8, Math.max(2L * out.capacity(), needed)));
      out = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(out.flip());
    }
    return out;
  }

  void putByte(int value) {
    room(1).put((byte) value);
  }

  void putBoolean(boolean value) {
    putByte(value ? 1 : 0);
  }

  void putInt(int value) {
    room(Integer.BYTES).putInt(value);
  }

  void putDouble(double value) {
    room(Double.BYTES).putDouble(value);
  }

  void putDoubles(double[] values) {
    putInt(values.length);
    long bytes = (long) values.length * Double.BYTES;
    room(bytes).asDoubleBuffer().put(values);
    out.position(out.position() + (int) bytes);
  }

  void putInts(int[] values) {
    putInt(values.length);
    long bytes = (long) values.length * Integer.BYTES;
    room(bytes).asIntBuffer().put(values);
    out.position(out.position() + (int) bytes);
  }

  void putChars(char[] values) {
    putInt(values.length);
    long bytes = (long) values.length * Character.BYTES;
    room(bytes).asCharBuffer().put(values);
    out.position(out.position() + (int) bytes);
  }

  void putText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    putInt(utf8.length);
    room(utf8.length).put(utf8);
  }

  byte[] toBytes() {
    return Arrays.copyOf(out.array(), out.position());
  }
}
