package dev.mlops.registry.compare.internal;

import dev.mlops.error.InvalidInputException;

/** Quantiles of the standard normal distribution. */
public final class Normal {
  private Normal() {}

  /**
   * Returns z with P(|Z| <= z) = confidence, to about 1e-13 relative. Newton's method on the
   * distribution function, which is summed by its Taylor series about 0: phi(z) (z + z^3/3 + z^5/15
   * + ...); Abramowitz and Stegun 26.2.11.
   */
  public static double twoSided(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new InvalidInputException("confidence must be between 0 and 1, got " + confidence);
    }
    double z = 0;
    for (int i = 0; i < 200; i++) {
      double step = (inner(z) - confidence) / (2 * density(z));
      z -= Math.max(-1, Math.min(1, step));
      if (Math.abs(step) < 1e-14 * Math.max(1, z)) {
        break;
      }
    }
    return z;
  }

  /** P(|Z| <= z). */
  private static double inner(double z) {
    double term = z;
    double sum = z;
    for (int k = 3; term > sum * 1e-17; k += 2) {
      term *= z * z / k;
      sum += term;
    }
    return 2 * density(z) * sum;
  }

  private static double density(double z) {
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }
}
