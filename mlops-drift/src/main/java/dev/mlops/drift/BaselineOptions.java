package dev.mlops.drift;

/**
 * How a {@link Baseline} is fitted. Immutable.
 *
 * @param maxEdges how many quantiles of a numeric feature become edges, from 2 to 65,536; the
 *     certified interval of D is about 2/maxEdges wide
 * @param maxCategories how many of the most frequent categories are counted by name, at least 1;
 *     the rest is counted together
 * @param keepReference whether the sorted reference values stay in memory, 8 bytes each, so that a
 *     raw window gets the exact distance; they are never written to JSON
 */
public record BaselineOptions(int maxEdges, int maxCategories, boolean keepReference) {
  private static final BaselineOptions DEFAULTS = new BaselineOptions(128, 1000, true);

  /** Creates options. */
  public BaselineOptions {
    if (maxEdges < 2 || maxEdges > 65_536) {
      throw DriftException.invalidInput("maxEdges must be from 2 to 65536, got " + maxEdges);
    }
    if (maxCategories < 1) {
      throw DriftException.invalidInput("maxCategories must be at least 1, got " + maxCategories);
    }
  }

  /**
   * Returns 128 edges, 1,000 categories, reference kept.
   *
   * @return the defaults
   */
  public static BaselineOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these options with another number of edges.
   *
   * @param edges from 2 to 65,536
   * @return new options
   */
  public BaselineOptions withMaxEdges(int edges) {
    return new BaselineOptions(edges, maxCategories, keepReference);
  }

  /**
   * Returns these options with another number of named categories.
   *
   * @param categories at least 1
   * @return new options
   */
  public BaselineOptions withMaxCategories(int categories) {
    return new BaselineOptions(maxEdges, categories, keepReference);
  }

  /**
   * Returns these options without the reference values in memory.
   *
   * @return new options
   */
  public BaselineOptions withoutReference() {
    return new BaselineOptions(maxEdges, maxCategories, false);
  }
}
