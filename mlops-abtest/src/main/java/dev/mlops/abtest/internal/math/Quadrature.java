package dev.mlops.abtest.internal.math;

import java.util.function.DoubleUnaryOperator;

/** Gauss-Legendre quadrature; nodes by Newton's method on the Legendre recurrence. */
public final class Quadrature {
  private static final int ORDER = 20;
  private static final double[] NODES = new double[ORDER];
  private static final double[] WEIGHTS = new double[ORDER];

  static {
    for (int i = 0; i < ORDER; i++) {
      double x = Math.cos(Math.PI * (i + 0.75) / (ORDER + 0.5));
      double derivative = 1;
      for (int k = 0; k < 100; k++) {
        double p0 = 1;
        double p1 = x;
        for (int n = 2; n <= ORDER; n++) {
          double p2 = ((2 * n - 1) * x * p1 - (n - 1) * p0) / n;
          p0 = p1;
          p1 = p2;
        }
        derivative = ORDER * (x * p1 - p0) / (x * x - 1);
        double step = p1 / derivative;
        x -= step;
        if (Math.abs(step) < 1e-16) {
          break;
        }
      }
      NODES[i] = x;
      WEIGHTS[i] = 2 / ((1 - x * x) * derivative * derivative);
    }
  }

  private Quadrature() {}

  /** Integral of f over [from, to], cut into equal panels of order 20. */
  public static double integrate(DoubleUnaryOperator f, double from, double to, int panels) {
    double[] x = nodes(from, to, panels);
    double[] w = weights(from, to, panels);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += w[i] * f.applyAsDouble(x[i]);
    }
    return sum;
  }

  public static double[] nodes(double from, double to, int panels) {
    double[] x = new double[panels * ORDER];
    double half = (to - from) / (2 * panels);
    for (int i = 0; i < x.length; i++) {
      x[i] = from + half * (2 * (i / ORDER) + 1 + NODES[i % ORDER]);
    }
    return x;
  }

  public static double[] weights(double from, double to, int panels) {
    double[] w = new double[panels * ORDER];
    double half = (to - from) / (2 * panels);
    for (int i = 0; i < w.length; i++) {
      w[i] = half * WEIGHTS[i % ORDER];
    }
    return w;
  }
}
