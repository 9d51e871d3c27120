package dev.mlops.drift.internal;

import java.util.function.DoubleUnaryOperator;

/*
 * Upper tails of the limit laws of the Cramer-von Mises and Anderson-Darling statistics, sums of
 * Z_j^2 / y_j with y_j = (j pi)^2 and j (j+1). With D(y) = prod (1 - y / y_j), Smirnov's formula is
 *
 *   P(S > x) = 1/pi sum_k (-1)^(k+1) int_{y_(2k-1)}^{y_(2k)} e^(-x y / 2) / (y sqrt|D(y)|) dy.
 *
 * Smirnov, C. R. Acad. Sci. Paris 202 (1936); Durbin, Distribution Theory (1973), section 4.4. The
 * integrand has inverse square roots at both ends, which s = middle + half sin(theta) removes.
 */
public final class WeightedChiSquare {
  private static final int MIN_NODES = 24;

  private WeightedChiSquare() {}

  /** P(W^2 > x): D(y) = sin(s)/s at y = s^2. Mean 1/6, variance 1/45. */
  public static double cramerVonMises(double x) {
    if (x < 0.01) {
      return 1;
    }
    return tail(
        x, k -> (2 * k - 1) * Math.PI, Math.PI, s -> s * s, s -> Math.sin(s) / s, s -> 2 / s);
  }

  /** P(A^2 > x): D(y) = -cos(pi s / 2) / (pi y) at y = (s^2-1)/4. Mean 1, variance 2 (pi^2-9)/3. */
  public static double andersonDarling(double x) {
    if (x < 0.08) {
      return 1;
    }
    return tail(
        x,
        k -> 4 * k - 1,
        2,
        s -> (s * s - 1) / 4,
        s -> -4 * Math.cos(Math.PI * s / 2) / (Math.PI * (s * s - 1)),
        s -> 2 * s / (s * s - 1));
  }

  /** logSlope is y'(s)/y(s). */
  private static double tail(
      double x,
      DoubleUnaryOperator from,
      double width,
      DoubleUnaryOperator y,
      DoubleUnaryOperator determinant,
      DoubleUnaryOperator logSlope) {
    double sum = 0;
    for (int k = 1; k <= 60; k++) {
      double start = from.applyAsDouble(k);
      double scale = Math.exp(-x * y.applyAsDouble(start) / 2);
      if (scale < 1e-18 * Math.abs(sum) || (scale == 0 && k > 1)) {
        break;
      }
      double half = width / 2;
      int nodes = MIN_NODES + (int) (8 * Math.sqrt(x * start * width));
      double term = 0;
      for (int i = 0; i < nodes; i++) {
        double theta = Math.PI * ((i + 0.5) / nodes - 0.5);
        double s = start + half + half * Math.sin(theta);
        term += Math.exp(-x * y.applyAsDouble(s) / 2)
            * logSlope.applyAsDouble(s)
            / Math.sqrt(Math.abs(determinant.applyAsDouble(s)))
            * half
            * Math.cos(theta);
      }
      sum += (k % 2 == 1 ? 1 : -1) * term * Math.PI / nodes;
    }
    return Math.max(0, Math.min(1, sum / Math.PI));
  }
}
