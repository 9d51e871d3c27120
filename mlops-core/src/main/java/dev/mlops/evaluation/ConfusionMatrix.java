package dev.mlops.evaluation;

import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.List;

/**
 * How often each class was called each class, and the measures that follow from it. A measure whose
 * denominator is 0 is 0, as in scikit-learn. Immutable.
 */
public final class ConfusionMatrix {
  private final List<String> classes;
  private final long[][] counts;

  /**
   * Creates a matrix.
   *
   * @param classes the class names, at least two
   * @param counts {@code counts[t][p]} rows of class {@code t} were called {@code p}; copied
   */
  public ConfusionMatrix(List<String> classes, long[][] counts) {
    this.classes = List.copyOf(classes);
    this.counts = Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    for (long[] row : this.counts) {
      if (row.length != this.classes.size() || this.counts.length != this.classes.size()) {
        throw new InvalidInputException("a confusion matrix must be square over " + classes);
      }
    }
  }

  static ConfusionMatrix of(List<String> classes, int[] truth, int[] called) {
    long[][] counts = new long[classes.size()][classes.size()];
    for (int i = 0; i < truth.length; i++) {
      counts[truth[i]][called[i]]++;
    }
    return new ConfusionMatrix(classes, counts);
  }

  /**
   * Returns the class names.
   *
   * @return in index order
   */
  public List<String> classes() {
    return classes;
  }

  /**
   * Returns one count.
   *
   * @param truth the index of the true class
   * @param called the index of the class it was called
   * @return the number of rows
   */
  public long count(int truth, int called) {
    return counts[truth][called];
  }

  /**
   * Returns the number of rows.
   *
   * @return all counts together
   */
  public long total() {
    long total = 0;
    for (int c = 0; c < counts.length; c++) {
      total += support(c);
    }
    return total;
  }

  /**
   * Returns how many rows are of a class.
   *
   * @param c the index of the class
   * @return the number of rows
   */
  public long support(int c) {
    return Arrays.stream(counts[c]).sum();
  }

  private long called(int c) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[c];
    }
    return sum;
  }

  private long correct() {
    long correct = 0;
    for (int c = 0; c < counts.length; c++) {
      correct += counts[c][c];
    }
    return correct;
  }

  private static double ratio(double above, double below) {
    return below == 0 ? 0 : above / below;
  }

  /**
   * Returns the share of rows called by their class.
   *
   * @return from 0 to 1
   */
  public double accuracy() {
    return ratio(correct(), total());
  }

  /**
   * Returns the share of a class among the rows called it.
   *
   * @param c the index of the class
   * @return from 0 to 1
   */
  public double precision(int c) {
    return ratio(counts[c][c], called(c));
  }

  /**
   * Returns the share of a class's rows that are called it.
   *
   * @param c the index of the class
   * @return from 0 to 1
   */
  public double recall(int c) {
    return ratio(counts[c][c], support(c));
  }

  /**
   * Returns the harmonic mean of precision and recall.
   *
   * @param c the index of the class
   * @return from 0 to 1
   */
  public double f1(int c) {
    return ratio(2.0 * counts[c][c], support(c) + called(c));
  }

  /**
   * Returns the mean recall over the classes that have rows.
   *
   * @return from 0 to 1
   */
  public double balancedAccuracy() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < counts.length; c++) {
      if (support(c) > 0) {
        sum += recall(c);
        present++;
      }
    }
    return ratio(sum, present);
  }

  /**
   * Returns the mean F1 over classes, each counting the same.
   *
   * @return from 0 to 1
   */
  public double macroF1() {
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      sum += f1(c);
    }
    return sum / counts.length;
  }

  /**
   * Returns the mean F1 over classes, each counting by its rows.
   *
   * @return from 0 to 1
   */
  public double weightedF1() {
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      sum += support(c) * f1(c);
    }
    return ratio(sum, total());
  }

  /**
   * Returns Matthews' correlation coefficient, over several classes in Gorodkin's form (2004).
   *
   * @return from -1 to 1; 0 if only one class occurs or is called
   */
  public double mcc() {
    double n = total();
    double products = 0;
    double calledSquares = 0;
    double truthSquares = 0;
    for (int c = 0; c < counts.length; c++) {
      products += (double) support(c) * called(c);
      calledSquares += (double) called(c) * called(c);
      truthSquares += (double) support(c) * support(c);
    }
    return ratio(
        correct() * n - products, Math.sqrt((n * n - calledSquares) * (n * n - truthSquares)));
  }

  /**
   * Returns Cohen's kappa: how far agreement exceeds what the class shares alone would give.
   *
   * @return at most 1
   */
  public double kappa() {
    double n = total();
    double expected = 0;
    for (int c = 0; c < counts.length; c++) {
      expected += (double) support(c) * called(c) / n;
    }
    return ratio(correct() - expected, n - expected);
  }

  @Override
  public String toString() {
    return classes + " " + Arrays.deepToString(counts);
  }
}
