package dev.mlops.training;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;

/** The rules that settings follow; negated comparisons refuse NaN too. */
final class Check {
  private Check() {}

  static void atLeast(String name, double value, double least) {
    if (!(value >= least && value < Double.POSITIVE_INFINITY)) {
      throw new InvalidInputException(
          name + " must be at least " + text(least) + ", got " + text(value));
    }
  }

  static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new InvalidInputException(name + " must be greater than 0, got " + text(value));
    }
  }

  static void share(String name, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new InvalidInputException(
          name + " must be greater than 0 and at most 1, got " + text(value));
    }
  }

  static void forest(int trees, int maxDepth, double minLeafRows, double featureShare) {
    atLeast("trees", trees, 1);
    atLeast("maxDepth", maxDepth, 0);
    positive("minLeafRows", minLeafRows);
    if (featureShare != 0) {
      share("featureShare", featureShare);
    }
  }

  static void descent(int epochs, Trainer.Optimiser optimiser, double learningRate) {
    atLeast("epochs", epochs, 1);
    positive("learningRate", learningRate);
    if (requireNonNull(optimiser, "optimiser") == Trainer.Optimiser.ADAM) {
      throw new InvalidInputException(
          "optimiser ADAM is refused: Tribuo 4.3.2 multiplies by the second moment where Adam"
              + " divides, which gives wrong models; use ADAGRAD, SGD or RMSPROP");
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
