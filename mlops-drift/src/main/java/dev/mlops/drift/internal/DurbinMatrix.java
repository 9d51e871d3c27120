package dev.mlops.drift.internal;

/*
 * P(D_n < x) exactly, as one entry of n!/n^n H^n with H of order 2k-1, k = ceil(n x).
 * Marsaglia, Tsang and Wang, J. Statist. Software 8(18), 2003. All entries of H are non-negative, so
 * nothing cancels; powers are rescaled by 2^-128 and the exponent is kept apart. O(k^3 log n).
 */
final class DurbinMatrix {
  private static final double BIG = 0x1p128;

  private DurbinMatrix() {}

  static double distribution(int n, double x) {
    int k = (int) Math.ceil(n * x);
    double h = k - n * x;
    int m = 2 * k - 1;
    double[] factor = new double[m + 1];
    factor[0] = 1;
    for (int i = 1; i <= m; i++) {
      factor[i] = factor[i - 1] / i;
    }
    double[][] base = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 1; j <= Math.min(i + 1, m - 1); j++) {
        base[i][j] = factor[i - j + 1];
      }
    }
    for (int i = 0; i < m; i++) {
      double v = (1 - Math.pow(h, i + 1)) * factor[i + 1];
      if (i == m - 1) {
        v = (1 - 2 * Math.pow(h, m) + Math.pow(Math.max(0, 2 * h - 1), m)) * factor[m];
      }
      base[i][0] = v;
      base[m - 1][m - 1 - i] = v;
    }
    return power(base, n, k - 1);
  }

  private static double power(double[][] base, int n, int centre) {
    int m = base.length;
    // Only row `centre` of the power is wanted, so it is carried as a vector.
    double[] row = new double[m];
    row[centre] = 1;
    int exponent = 0;
    int baseExponent = 0;
    double[][] square = base;
    for (int bits = n; bits > 0; bits >>= 1) {
      if ((bits & 1) == 1) {
        row = times(row, square);
        exponent += baseExponent;
        if (row[centre] > BIG) {
          exponent += 128;
          for (int i = 0; i < m; i++) {
            row[i] /= BIG;
          }
        }
      }
      if (bits > 1) {
        double[][] next = new double[m][];
        for (int i = 0; i < m; i++) {
          next[i] = times(square[i], square);
        }
        square = next;
        baseExponent *= 2;
        if (square[centre][centre] > BIG) {
          baseExponent += 128;
          for (double[] line : square) {
            for (int i = 0; i < m; i++) {
              line[i] /= BIG;
            }
          }
        }
      }
    }
    double p = row[centre];
    for (int i = 1; i <= n; i++) {
      p = p * i / n;
      if (p < 1 / BIG) {
        p *= BIG;
        exponent -= 128;
      }
    }
    return Math.scalb(p, exponent);
  }

  private static double[] times(double[] row, double[][] matrix) {
    double[] result = new double[row.length];
    for (int k = 0; k < row.length; k++) {
      double a = row[k];
      if (a != 0) {
        double[] line = matrix[k];
        for (int j = 0; j < line.length; j++) {
          result[j] += a * line[j];
        }
      }
    }
    return result;
  }
}
