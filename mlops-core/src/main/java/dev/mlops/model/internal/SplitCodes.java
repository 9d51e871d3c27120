package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.stream.IntStream;

/*
 * A code has the number of its input in its lowest bits, so that the difference of a threshold's and
 * a value's code of one input has only zeros there. Above them it is one of:
 *
 * - twice the FloatCode, for a threshold and for a value that shares it with no threshold of its
 *   input; where it does, the value's is one more or one less, as the value is above the threshold or
 *   not;
 * - for inputs two of whose thresholds could not be told apart so: twice the position of a threshold
 *   among them in order, and one less than twice the number of thresholds below a value.
 *
 * Either way a value's code is never equal to that of a threshold with which it is compared.
 */
/**
 * Numbers for the values of a row and for the thresholds of trees. Those of one input are in
 * exactly the order of the doubles: a value is above a threshold if and only if its code is.
 * Immutable.
 */
final class SplitCodes {
  private static final int INPUT_BITS = 10;

  /** The largest number of inputs. */
  static final int MAX_INPUTS = 1 << INPUT_BITS;

  /** The absolute difference of two codes of one input is below two to this. */
  static final int BITS = INPUT_BITS + 33;

  private static final long ABOVE = (1L << 32) - 1; // twice the code of a float and one is below

  private final double[][] thresholds;
  private final int[] ranked;
  private final CodeFilter shared;

  /** Prepares the thresholds of trees that read so many inputs. */
  SplitCodes(FlatTrees trees, int inputs) {
    this.thresholds = thresholds(trees, inputs);
    this.ranked = IntStream.range(0, inputs).filter(i -> collide(thresholds[i])).toArray();
    int[] others = IntStream.range(0, inputs).filter(i -> !isRanked(i)).toArray();
    this.shared =
        new CodeFilter(IntStream.of(others).map(i -> thresholds[i].length).sum());
    for (int i : others) {
      for (double threshold : thresholds[i]) {
        shared.add(code(i, threshold));
      }
    }
  }

  /** Returns the thresholds of each input in order, each once; none that is NaN. */
  private static double[][] thresholds(FlatTrees trees, int inputs) {
    int[] counts = new int[inputs];
    for (char node : trees.nodes()) {
      if (node != FlatTrees.LEAF) {
        counts[node & FlatTrees.INPUT]++;
      }
    }
    double[][] thresholds = new double[inputs][];
    Arrays.setAll(thresholds, i -> new double[counts[i]]);
    int split = 0;
    for (char node : trees.nodes()) {
      if (node != FlatTrees.LEAF) {
        int input = node & FlatTrees.INPUT;
        thresholds[input][--counts[input]] = trees.thresholds()[split++] + 0.0; // -0 + 0 is 0
      }
    }
    for (int i = 0; i < inputs; i++) {
      thresholds[i] = Arrays.stream(thresholds[i])
          .filter(threshold -> !Double.isNaN(threshold))
          .sorted()
          .distinct()
          .toArray();
    }
    return thresholds;
  }

  private static boolean collide(double[] sorted) {
    for (int k = 1; k < sorted.length; k++) {
      if (FloatCode.ofNumber(sorted[k - 1]) == FloatCode.ofNumber(sorted[k])) {
        return true;
      }
    }
    return false;
  }

  /** Returns how long a row of codes is: a power of two, and one less masks a code's input. */
  int rowLength() {
    return TreeWalk.powerOfTwo(thresholds.length);
  }

  /** Returns the code of a threshold; above that of every value if it is NaN. */
  long ofThreshold(int input, double threshold) {
    if (Double.isNaN(threshold)) {
      return above(input);
    }
    return isRanked(input)
        ? word(input, 2L * rank(thresholds[input], threshold + 0.0))
        : code(input, threshold);
  }

  private boolean isRanked(int input) {
    return Arrays.binarySearch(ranked, input) >= 0;
  }

  /** Returns a code above that of every value of an input. */
  static long above(int input) {
    return word(input, ABOVE);
  }

  private static long word(int input, long value) {
    return value << INPUT_BITS | input;
  }

  /** Returns the code of a number, which is not NaN, as if it were shared with no threshold. */
  private static long code(int input, double number) {
    return word(input, 2L * FloatCode.ofNumber(number));
  }

  /** Writes the codes of a row; that of NaN means nothing. */
  void ofRow(double[] x, long[] codes) {
    final CodeFilter shared = this.shared;
    long found = 0;
    for (int i = 0; i < x.length; i++) {
      long code = code(i, x[i]);
      codes[i] = code;
      found |= shared.test(code);
    }
    if (found < 0) {
      tellFromThresholds(x, codes);
    }
    for (int input : ranked) {
      codes[input] = word(input, 2L * rank(thresholds[input], x[input]) - 1);
    }
  }

  /** Corrects the codes that values share with thresholds: by one in the bit above the input. */
  private void tellFromThresholds(double[] x, long[] codes) {
    for (int i = 0; i < x.length; i++) {
      if (shared.test(codes[i]) < 0) {
        double[] sorted = thresholds[i];
        int below = rank(sorted, x[i]);
        if (below < sorted.length && code(i, sorted[below]) == codes[i]) {
          codes[i] -= 1L << INPUT_BITS;
        } else if (below > 0 && code(i, sorted[below - 1]) == codes[i]) {
          codes[i] += 1L << INPUT_BITS;
        }
      }
    }
  }

  /** Returns how many of the numbers are below a value. */
  private static int rank(double[] sorted, double value) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] < value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
