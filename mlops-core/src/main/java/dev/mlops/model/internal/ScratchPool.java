package dev.mlops.model.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Lends arrays of one length without a lock and, once warm, without allocation. An array stays with
 * the pool, not with a thread: nothing is left behind in threads, platform or virtual. Two threads
 * that meet in one slot cost an allocation, never an error; so does an array that is not given
 * back. Safe for use by several threads.
 */
public final class ScratchPool {
  private static final int SPACING = 16; // one slot per cache line
  private static final int SLOTS =
      Integer.highestOneBit(Math.max(4, 8 * Runtime.getRuntime().availableProcessors() - 1));

  private final AtomicReferenceArray<double[]> slots = new AtomicReferenceArray<>(SLOTS * SPACING);
  private final int length;

  /** Creates a pool of arrays of one length. */
  public ScratchPool(int length) {
    this.length = length;
  }

  /** Lends an array of any content; it is the caller's until given back. */
  public double[] borrow() {
    double[] free = slots.getAndSet(slot(), null);
    return free != null ? free : new double[length];
  }

  /** Takes an array back. */
  public void giveBack(double[] array) {
    slots.lazySet(slot(), array);
  }

  private static int slot() {
    return ((int) Thread.currentThread().getId() & (SLOTS - 1)) * SPACING;
  }
}
