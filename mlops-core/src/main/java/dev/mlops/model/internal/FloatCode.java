package dev.mlops.model.internal;

/**
 * Numbers as ints in the same order, at the precision of a float. Where two codes differ, their
 * numbers differ in the same direction; equal codes leave the question open.
 */
final class FloatCode {
  private FloatCode() {}

  /** Returns the code of a threshold; that of NaN is above all others, as nothing is above NaN. */
  static int of(double threshold) {
    return ordered(Float.floatToIntBits((float) threshold + 0f)); // -0 + 0 is 0
  }

  /** Returns a pool of rows of codes, each as long as the next power of two. */
  static ScratchPool<long[]> rows(int inputs) {
    int length = TreeWalk.powerOfTwo(inputs);
    return new ScratchPool<>(() -> new long[length]);
  }

  /** Writes the codes of a row without NaN. */
  static void of(double[] x, long[] codes) {
    for (int i = 0; i < x.length; i++) {
      codes[i] = ofNumber(x[i]);
    }
  }

  /** Returns the code of a value that is not NaN. */
  static int ofNumber(double value) {
    return ordered(Float.floatToRawIntBits((float) value + 0f));
  }

  private static int ordered(int bits) {
    return bits ^ ((bits >> 31) & 0x7fff_ffff);
  }
}
