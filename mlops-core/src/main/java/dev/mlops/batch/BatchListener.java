package dev.mlops.batch;

/** Hears how a batch goes on, on the thread that runs it. */
@FunctionalInterface
public interface BatchListener {
  /** Hears nothing. */
  BatchListener SILENT = (rows, rejected, bytesRead, bytesTotal) -> {};

  /**
   * Some rows are done.
   *
   * @param rows all rows done so far
   * @param rejected how many of them were rejected
   * @param bytesRead how much of the input is done
   * @param bytesTotal the size of the input
   */
  void progress(long rows, long rejected, long bytesRead, long bytesTotal);
}
