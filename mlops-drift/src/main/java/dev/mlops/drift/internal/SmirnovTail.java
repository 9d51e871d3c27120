package dev.mlops.drift.internal;

/*
 * P(D+ >= x) of the one-sided one-sample Kolmogorov-Smirnov statistic.
 *
 *   P = x * sum over j of C(n,j) (1 - x - j/n)^(n-j) (x + j/n)^(j-1),  j = 0 .. floor(n (1-x))
 *   Birnbaum and Tingey, Ann. Math. Statist. 22 (1951) 592-596.
 *
 * Every term is positive and is taken from logarithms in which n log n has been cancelled by hand
 * (Loader's form of the binomial), so the sum keeps about 13 digits at n = 10^6.
 *
 * From n = 500 on, the summand vanishes with all its derivatives at both ends, so by Euler-Maclaurin
 * the sum equals the integral over j up to terms far below 10^-12; after u = (1-x)(1+tanh t)/2 the
 * midpoint rule needs about 32 sqrt(n x^2) nodes. The cost is therefore independent of n.
 * Invariant: the two forms agree to 10^-11 for 500 <= n <= 10^6 and n x^2 >= 2 (SmirnovTailTest).
 */
final class SmirnovTail {
  private static final int DIRECT_BELOW = 500;
  private static final double HALF_WIDTH = 3.2;

  private SmirnovTail() {}

  /** n is a whole number at least 1, 0 < x < 1. */
  static double survival(double n, double x) {
    return n < DIRECT_BELOW ? directSum((int) n, x) : integral(n, x);
  }

  static double directSum(int n, double x) {
    double sum = Math.exp(n * Math.log1p(-x)) / x;
    for (int j = 1; j < n; j++) {
      if (j >= n * (1 - x)) {
        break;
      }
      sum += Math.exp(logTerm(n, x, j));
    }
    return Math.min(1, x * sum);
  }

  static double integral(double n, double x) {
    int nodes = 48 + (int) (32 * Math.sqrt(n) * x);
    double step = 2 * HALF_WIDTH / nodes;
    double scale = n * (1 - x);
    double sum = 0;
    for (int i = 0; i < nodes; i++) {
      double w = 1 / (1 + Math.exp(-2 * ((i + 0.5) * step - HALF_WIDTH)));
      double j = scale * w;
      if (j > 1 && n - j > 1) {
        sum += Math.exp(logTerm(n, x, j)) * w * (1 - w);
      }
    }
    return Math.min(1, x * sum * 2 * scale * step);
  }

  private static double logTerm(double n, double x, double j) {
    double rest = n - j;
    return 0.5 * Math.log(n / (2 * Math.PI * j * rest))
        + SpecialFunctions.stirlingError(n)
        - SpecialFunctions.stirlingError(j)
        - SpecialFunctions.stirlingError(rest)
        + rest * Math.log1p(-x * n / rest)
        + j * Math.log1p(x * n / j)
        - Math.log(j / n + x);
  }
}
