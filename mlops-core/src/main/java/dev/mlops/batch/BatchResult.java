package dev.mlops.batch;

/**
 * What a batch did. Immutable.
 *
 * @param rows the rows read, header not counted
 * @param rejected the rows that could not be scored and are in the reject file
 * @param resumedAt how many rows an earlier, interrupted run had already done; 0 for a fresh start
 */
public record BatchResult(long rows, long rejected, long resumedAt) {

  /**
   * Returns the rows in the output.
   *
   * @return the rows scored
   */
  public long scored() {
    return rows - rejected;
  }
}
