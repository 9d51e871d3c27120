package dev.mlops.data;

/**
 * One division of a table's rows for cross-validation. Immutable: arrays are copied in and out.
 *
 * @param train the positions of the rows to learn from
 * @param test the positions of the rows to be judged on
 */
@SuppressWarnings("ArrayRecordComponent") // positions into a table, copied in and out
public record Fold(int[] train, int[] test) {
  /** Creates a fold. */
  public Fold {
    train = train.clone();
    test = test.clone();
  }

  @Override
  public int[] train() {
    return train.clone();
  }

  @Override
  public int[] test() {
    return test.clone();
  }
}
