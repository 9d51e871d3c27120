package dev.mlops.drift.internal;

import dev.mlops.drift.DriftException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Form 1 of a monitor's snapshot: "MLDM", version, buckets, persistence, history, CRC-32. */
public final class MonitorBytes {
  private static final int MAGIC = 0x4d4c444d;
  private static final byte VERSION = 1;

  private MonitorBytes() {}

  /** A bucket with the bytes of its profile. */
  public record Part(long index, byte[] profile) {}

  /** One compared window. */
  public record Past(long to, int verdict, double[] effects) {}

  /** Everything; the last part is the bucket being filled. */
  public record State(
      long bucketMillis,
      List<Part> parts,
      List<boolean[]> recent,
      boolean[] alerting,
      List<Past> history) {}

  public static byte[] write(State state) {
    int features = state.alerting.length;
    long size = 64
        + state.parts.stream().mapToLong(p -> 12L + p.profile.length).sum()
        + (state.recent.size() + 1L) * features
        + state.history.size() * (12L + 8L * features);
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size));
    out.putInt(MAGIC).put(VERSION).putLong(state.bucketMillis).putInt(features);
    out.putInt(state.parts.size());
    for (Part part : state.parts) {
      out.putLong(part.index).putInt(part.profile.length).put(part.profile);
    }
    out.putInt(state.recent.size());
    state.recent.forEach(flags -> put(out, flags));
    put(out, state.alerting);
    out.putInt(state.history.size());
    for (Past past : state.history) {
      out.putLong(past.to).putInt(past.verdict);
      for (double effect : past.effects) {
        out.putDouble(effect);
      }
    }
    out.putInt(crc(out.array(), out.position()));
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  private static void put(ByteBuffer out, boolean[] flags) {
    for (boolean flag : flags) {
      out.put((byte) (flag ? 1 : 0));
    }
  }

  public static State read(byte[] bytes, int features) {
    if (bytes.length < 29) {
      throw DriftException.corrupt("a snapshot needs at least 29 bytes, got " + bytes.length, null);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.getInt() != MAGIC || in.get() != VERSION) {
      throw DriftException.corrupt("these bytes are not a monitor snapshot of version 1", null);
    }
    if (in.getInt(bytes.length - 4) != crc(bytes, bytes.length - 4)) {
      throw DriftException.corrupt("the checksum of the snapshot does not hold", null);
    }
    try {
      long bucketMillis = in.getLong();
      int found = in.getInt();
      if (found != features) {
        throw DriftException.notComparable(
            "the snapshot has " + found + " features, the baseline " + features);
      }
      List<Part> parts = new ArrayList<>();
      int buckets = count(in, in.getInt());
      if (buckets < 1) {
        throw DriftException.corrupt("the snapshot has no bucket", null);
      }
      for (int i = 0; i < buckets; i++) {
        long index = in.getLong();
        byte[] profile = new byte[count(in, in.getInt())];
        in.get(profile);
        parts.add(new Part(index, profile));
      }
      List<boolean[]> recent = new ArrayList<>();
      int windows = count(in, in.getInt());
      for (int i = 0; i < windows; i++) {
        recent.add(flags(in, features));
      }
      boolean[] alerting = flags(in, features);
      List<Past> history = new ArrayList<>();
      int points = count(in, in.getInt());
      for (int i = 0; i < points; i++) {
        long to = in.getLong();
        int verdict = in.getInt();
        if (verdict < 0 || verdict > 4) {
          throw DriftException.corrupt("verdict " + verdict + " is unknown", null);
        }
        double[] effects = new double[features];
        for (int f = 0; f < features; f++) {
          effects[f] = in.getDouble();
        }
        history.add(new Past(to, verdict, effects));
      }
      return new State(bucketMillis, parts, recent, alerting, history);
    } catch (BufferUnderflowException e) {
      throw DriftException.corrupt("the snapshot ends early", e);
    }
  }

  private static int count(ByteBuffer in, int count) {
    if (count < 0 || count > in.remaining()) {
      throw DriftException.corrupt("a count of " + count + " does not fit in the snapshot", null);
    }
    return count;
  }

  private static boolean[] flags(ByteBuffer in, int features) {
    boolean[] flags = new boolean[features];
    for (int i = 0; i < features; i++) {
      flags[i] = in.get() == 1;
    }
    return flags;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
