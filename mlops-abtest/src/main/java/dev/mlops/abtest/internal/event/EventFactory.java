package dev.mlops.abtest.internal.event;

import dev.mlops.abtest.Assignment;
import dev.mlops.abtest.Event;
import dev.mlops.abtest.internal.hash.Murmur3;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/*
 * The filter is a hash set of 64-bit keys in rows of eight; a full row forgets one of its keys. A key
 * that was forgotten lets a repeated exposure through, which the reader counts once; a key is only
 * remembered after its event was accepted, so no first exposure is lost. Races have the same harmless
 * outcome as forgetting.
 */
/** Makes events and filters repeated exposures in bounded memory. Safe for several threads. */
public final class EventFactory {
  private static final int WAYS = 8;

  private final Clock clock;
  private final String prefix = UUID.randomUUID().toString().substring(0, 18) + "-";
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLongArray keys;
  private final int rowMask;

  public EventFactory(Clock clock, int rememberedUnits) {
    this.clock = clock;
    int rows = Integer.highestOneBit(Math.max(1, (rememberedUnits - 1) / WAYS)) * 2;
    this.keys = new AtomicLongArray(rows * WAYS);
    this.rowMask = rows - 1;
  }

  public long key(String unitId, Assignment assignment) {
    int seed = 31 * assignment.experiment().hashCode() + assignment.epoch();
    seed = 31 * seed + assignment.variant().orElse("").hashCode();
    long high = Murmur3.hash32(unitId, seed);
    long low = Murmur3.hash32(unitId, seed ^ 0x5bd1e995) & 0xffffffffL;
    long key = high << 32 | low;
    return key == 0 ? 1 : key;
  }

  public boolean seen(long key) {
    int row = row(key);
    for (int i = 0; i < WAYS; i++) {
      if (keys.get(row + i) == key) {
        return true;
      }
    }
    return false;
  }

  public void remember(long key) {
    int row = row(key);
    for (int i = 0; i < WAYS; i++) {
      if (keys.get(row + i) == 0 && keys.compareAndSet(row + i, 0, key)) {
        return;
      }
    }
    keys.set(row + (int) (key >>> 61), key);
  }

  public Event exposure(String unitId, Assignment assignment) {
    return new Event.Exposure(
        nextId(),
        now(),
        unitId,
        assignment.experiment(),
        assignment.epoch(),
        assignment.variant().orElseThrow(),
        assignment.analysed());
  }

  public Event outcome(String unitId, String name, double value) {
    return new Event.Outcome(nextId(), now(), unitId, name, value);
  }

  private String nextId() {
    return prefix + Long.toString(sequence.incrementAndGet(), 36);
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private int row(long key) {
    return ((int) (key ^ key >>> 32) & rowMask) * WAYS;
  }
}
