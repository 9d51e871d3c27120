package dev.mlops.abtest.internal.event;

import java.nio.ByteBuffer;
import java.util.Comparator;

/**
 * One event in 40 bytes.
 *
 * @param unit 64-bit hash of the unit id
 * @param id 64-bit hash of the event id
 * @param at milliseconds
 * @param kind position of the outcome, or -epoch for an exposure
 * @param variant position of the variant; -1 for an override, unused for outcomes
 * @param value of the outcome
 */
record Rec(long unit, long id, long at, int kind, int variant, double value) {
  static final int BYTES = 40;

  /** By unit and time; at the same millisecond an exposure comes before what it led to. */
  static final Comparator<Rec> ORDER = Comparator.comparingLong(Rec::unit)
      .thenComparingLong(Rec::at)
      .thenComparingInt(Rec::kind)
      .thenComparingLong(Rec::id);

  boolean exposure() {
    return kind < 0;
  }

  int epoch() {
    return -kind;
  }

  void write(ByteBuffer out) {
    out.putLong(unit).putLong(id).putLong(at).putInt(kind).putInt(variant).putDouble(value);
  }

  static Rec read(ByteBuffer in) {
    return new Rec(
        in.getLong(), in.getLong(), in.getLong(), in.getInt(), in.getInt(), in.getDouble());
  }
}
