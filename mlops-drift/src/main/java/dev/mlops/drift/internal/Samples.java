package dev.mlops.drift.internal;

import dev.mlops.drift.DriftException;
import java.util.Arrays;

/** Checks and orders raw samples. */
public final class Samples {
  private Samples() {}

  /** A sorted copy in which -0.0 and 0.0 are one value; NaN and empty are refused. */
  public static double[] sorted(double[] values, String name) {
    double[] copy = values.clone();
    requireUsable(copy, name);
    for (int i = 0; i < copy.length; i++) {
      copy[i] += 0.0;
    }
    Arrays.sort(copy);
    return copy;
  }

  /** Refuses NaN and empty. */
  public static void requireUsable(double[] values, String name) {
    if (values.length == 0) {
      throw DriftException.invalidInput("sample " + name + " needs at least one value, got none");
    }
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        throw DriftException.invalidInput(
            "sample " + name + " must not contain NaN, got NaN at index " + i);
      }
    }
  }

  /** Refuses samples that are not in ascending order, NaN and empty. */
  public static void requireSorted(double[] values, String name) {
    requireUsable(values, name);
    for (int i = 1; i < values.length; i++) {
      if (values[i - 1] > values[i]) {
        throw DriftException.invalidInput("sample "
            + name
            + " must be in ascending order, got "
            + values[i - 1]
            + " before "
            + values[i]
            + " at index "
            + i);
      }
    }
  }
}
