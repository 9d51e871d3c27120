package dev.mlops.registry;

/**
 * What a garbage collection did. Immutable.
 *
 * @param marked contents found without a user for the first time
 * @param trashed contents without a user for a whole grace period, moved aside
 * @param deleted contents deleted after a second grace period
 * @param restored contents that had been moved aside and are used after all
 * @param leftovers unfinished writes of killed processes that were removed
 */
public record GarbageReport(int marked, int trashed, int deleted, int restored, int leftovers) {
  /**
   * Creates a report without leftovers.
   *
   * @param marked contents found without a user for the first time
   * @param trashed contents without a user for a whole grace period, moved aside
   * @param deleted contents deleted after a second grace period
   * @param restored contents that had been moved aside and are used after all
   */
  public GarbageReport(int marked, int trashed, int deleted, int restored) {
    this(marked, trashed, deleted, restored, 0);
  }
}
