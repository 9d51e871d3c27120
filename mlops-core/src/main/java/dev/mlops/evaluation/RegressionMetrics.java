package dev.mlops.evaluation;

import dev.mlops.error.InvalidInputException;

/** How far predicted quantities are from the true ones. A {@code NaN} is an error. */
public final class RegressionMetrics {
  private RegressionMetrics() {}

  private static void require(double[] truth, double[] predicted) {
    if (truth.length == 0 || truth.length != predicted.length) {
      throw new InvalidInputException(
          "true and predicted values must have one length of at least 1, got %d and %d"
              .formatted(truth.length, predicted.length));
    }
    for (int i = 0; i < truth.length; i++) {
      if (Double.isNaN(truth[i]) || Double.isNaN(predicted[i])) {
        throw new InvalidInputException("row " + i + ": values must be numbers, got NaN");
      }
    }
  }

  private static double squares(double[] truth, double[] predicted) {
    double sum = 0;
    for (int i = 0; i < truth.length; i++) {
      sum += (truth[i] - predicted[i]) * (truth[i] - predicted[i]);
    }
    return sum;
  }

  /**
   * Computes the root of the mean squared error.
   *
   * @param truth one value per row
   * @param predicted one value per row
   * @return at least 0, in the unit of the label
   */
  public static double rmse(double[] truth, double[] predicted) {
    require(truth, predicted);
    return Math.sqrt(squares(truth, predicted) / truth.length);
  }

  /**
   * Computes the mean absolute error.
   *
   * @param truth one value per row
   * @param predicted one value per row
   * @return at least 0, in the unit of the label
   */
  public static double mae(double[] truth, double[] predicted) {
    require(truth, predicted);
    double sum = 0;
    for (int i = 0; i < truth.length; i++) {
      sum += Math.abs(truth[i] - predicted[i]);
    }
    return sum / truth.length;
  }

  /**
   * Computes the coefficient of determination: 1 less the squared error over that of the mean.
   *
   * @param truth one value per row
   * @param predicted one value per row
   * @return at most 1; {@code NaN} if all true values are equal
   */
  public static double r2(double[] truth, double[] predicted) {
    require(truth, predicted);
    double mean = 0;
    for (double value : truth) {
      mean += value;
    }
    mean /= truth.length;
    double spread = 0;
    for (double value : truth) {
      spread += (value - mean) * (value - mean);
    }
    return spread == 0 ? Double.NaN : 1 - squares(truth, predicted) / spread;
  }
}
