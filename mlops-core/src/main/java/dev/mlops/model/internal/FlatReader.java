package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link FlatWriter} wrote. A length is compared with the bytes that are left before
 * anything is allocated, so a forged file can neither exhaust memory nor leave the array.
 */
public final class FlatReader {
  private final ByteBuffer in;

  FlatReader(ByteBuffer body) {
    this.in = body.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int remaining() {
    return in.remaining();
  }

  int getByte() {
    return need(1).get();
  }

  boolean getBoolean() {
    return getByte() != 0;
  }

  int getInt() {
    return need(Integer.BYTES).getInt();
  }

  /** Reads an int that must lie in a range. */
  int getInt(String what, int least, int most) {
    int value = getInt();
    if (value < least || value > most) {
      throw new CorruptException(
          "flat model: " + what + " must be " + least + " to " + most + ", found " + value);
    }
    return value;
  }

  double getDouble() {
    return need(Double.BYTES).getDouble();
  }

  double[] getDoubles() {
    double[] values = new double[length(Double.BYTES)];
    in.asDoubleBuffer().get(values);
    skip(values.length * Double.BYTES);
    return values;
  }

  int[] getInts() {
    int[] values = new int[length(Integer.BYTES)];
    in.asIntBuffer().get(values);
    skip(values.length * Integer.BYTES);
    return values;
  }

  char[] getChars() {
    char[] values = new char[length(Character.BYTES)];
    in.asCharBuffer().get(values);
    skip(values.length * Character.BYTES);
    return values;
  }

  String getText() {
    byte[] utf8 = new byte[length(1)];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private int length(int size) {
    int length = getInt();
    if (length < 0 || (long) length * size > in.remaining()) {
      throw new CorruptException("flat model: an array of " + length + " values of " + size
          + " bytes cannot fit in the " + in.remaining() + " bytes that are left");
    }
    return length;
  }

  private void skip(int bytes) {
    in.position(in.position() + bytes);
  }

  private ByteBuffer need(int bytes) {
    if (in.remaining() < bytes) {
      throw new CorruptException(
          "flat model ends early: " + bytes + " bytes expected, " + in.remaining() + " left");
    }
    return in;
  }

  /** Throws unless a rule of the format holds. */
  static void require(boolean holds, String rule) {
    if (!holds) {
      throw new CorruptException("flat model: " + rule);
    }
  }
}
