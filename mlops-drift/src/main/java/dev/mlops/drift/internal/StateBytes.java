package dev.mlops.drift.internal;

import dev.mlops.drift.DriftException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A flat state of doubles: 4-byte magic, version 1, kind, count, values, CRC-32. */
public final class StateBytes {
  private static final int MAGIC = 0x4d4c4443;
  private static final int VERSION = 1;

  private StateBytes() {}

  public static byte[] write(String kind, double... values) {
    byte[] name = kind.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(4 + 1 + 4 + name.length + 4 + 8 * values.length + 4);
    out.putInt(MAGIC).put((byte) VERSION).putInt(name.length).put(name).putInt(values.length);
    for (double v : values) {
      out.putDouble(v);
    }
    return out.putInt(crc(out.array(), out.position())).array();
  }

  public static double[] read(byte[] bytes, String kind) {
    byte[] name = kind.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length < 17) {
      throw DriftException.corrupt("a state needs at least 17 bytes, got " + bytes.length, null);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt() != MAGIC || in.get() != VERSION) {
      throw DriftException.corrupt("these bytes are not a state of version 1", null);
    }
    if (in.getInt(bytes.length - 4) != crc(bytes, bytes.length - 4)) {
      throw DriftException.corrupt("the checksum of the state does not hold", null);
    }
    int length = in.getInt();
    if (length < 0 || length > bytes.length - 17) {
      throw DriftException.corrupt("the state is cut off", null);
    }
    byte[] found = new byte[length];
    in.get(found);
    if (!java.util.Arrays.equals(found, name)) {
      throw DriftException.notComparable(
          "the state is of " + new String(found, StandardCharsets.US_ASCII) + ", not of " + kind);
    }
    int count = in.getInt();
    if (count < 0 || in.remaining() != 8L * count + 4) {
      throw DriftException.corrupt("the state has " + count + " values but another length", null);
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.getDouble();
    }
    return values;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
