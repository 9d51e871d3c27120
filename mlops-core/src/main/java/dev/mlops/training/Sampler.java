package dev.mlops.training;

/**
 * A change of the training rows that evens out the classes. It never sees rows held back and plays
 * no part in serving. For classes only. Immutable.
 */
public sealed interface Sampler extends Step {

  /**
   * Returns the seed of its random choices.
   *
   * @return the seed
   */
  long seed();

  /**
   * Synthetic minority over-sampling (Chawla, Bowyer, Hall, Kegelmeyer 2002) as in
   * imbalanced-learn: every class but the largest gets synthetic rows, each on the line between a
   * row and one of its {@code k} nearest rows of the same class, until all are equally large. All
   * columns must be numbers; encode categories first or use {@link SmoteNc}.
   *
   * @param k the number of neighbours, at least 1; a class needs more than {@code k} rows
   * @param seed the seed of the random choices
   */
  record Smote(int k, long seed) implements Sampler {
    /** Creates a sampler. */
    public Smote {
      Check.atLeast("k", k, 1);
    }
  }

  /**
   * SMOTE for numbers and categories together, from the same paper: a category counts in the
   * distance as the median standard deviation of the minority's numbers, and a synthetic row takes
   * the most frequent category of its neighbours. Comes before the categories are encoded.
   *
   * @param k the number of neighbours, at least 1; a class needs more than {@code k} rows
   * @param seed the seed of the random choices
   */
  record SmoteNc(int k, long seed) implements Sampler {
    /** Creates a sampler. */
    public SmoteNc {
      Check.atLeast("k", k, 1);
    }
  }

  /**
   * Repeats random rows of the smaller classes until all are as large as the largest.
   *
   * @param seed the seed of the random choices
   */
  record Oversample(long seed) implements Sampler {}

  /**
   * Drops random rows of the larger classes until all are as small as the smallest.
   *
   * @param seed the seed of the random choices
   */
  record Undersample(long seed) implements Sampler {}
}
