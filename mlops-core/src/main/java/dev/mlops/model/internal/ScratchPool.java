package dev.mlops.model.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Lends arrays of one kind without a lock and, once warm, without allocation. An array stays with
 * the pool, not with a thread: nothing is left behind in threads, platform or virtual. Two threads
 * that meet in one slot cost an allocation, never an error; so does an array that is not given
 * back. Safe for use by several threads.
 *
 * @param <T> the arrays
 */
public final class ScratchPool<T> {
  private static final int SPACING = 16; // one slot per cache line
  private static final int SLOTS =
      Integer.highestOneBit(Math.max(4, 8 * Runtime.getRuntime().availableProcessors() - 1));

  private final AtomicReferenceArray<T> slots = new AtomicReferenceArray<>(SLOTS * SPACING);
  private final Supplier<T> maker;

  /**
   * Creates a pool.
   *
   * @param maker makes one array
   */
  public ScratchPool(Supplier<T> maker) {
    this.maker = maker;
  }

  /**
   * Creates a pool of numbers.
   *
   * @param length the length of each array
   * @return a new pool
   */
  public static ScratchPool<double[]> ofDoubles(int length) {
    return new ScratchPool<>(() -> new double[length]);
  }

  /** Lends an array of any content that borrowers write; it is the caller's until given back. */
  public T borrow() {
    T free = slots.getAndSet(slot(), null);
    return free != null ? free : maker.get();
  }

  /** Takes an array back. */
  public void giveBack(T array) {
    slots.lazySet(slot(), array);
  }

  private static int slot() {
    return ((int) Thread.currentThread().getId() & (SLOTS - 1)) * SPACING;
  }
}
