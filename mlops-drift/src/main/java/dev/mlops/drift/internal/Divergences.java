package dev.mlops.drift.internal;

/** Distances of two discrete distributions and of two sorted samples. */
public final class Divergences {
  private Divergences() {}

  /** Shares of counts. */
  public static double[] shares(long[] counts) {
    double sum = 0;
    for (long c : counts) {
      sum += c;
    }
    double[] shares = new double[counts.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = counts[i] / sum;
    }
    return shares;
  }

  /** Jeffreys' estimate: half a count is added to every cell, so that no share is zero. */
  public static double[] jeffreys(long[] counts) {
    double sum = 0.5 * counts.length;
    for (long c : counts) {
      sum += c;
    }
    double[] shares = new double[counts.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (counts[i] + 0.5) / sum;
    }
    return shares;
  }

  /** Square root of the Jensen-Shannon divergence in nats. */
  public static double jensenShannon(double[] p, double[] q) {
    double sumP = 0;
    double sumQ = 0;
    for (int i = 0; i < p.length; i++) {
      sumP += p[i];
      sumQ += q[i];
    }
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double a = p[i] / sumP;
      double b = q[i] / sumQ;
      double middle = (a + b) / 2;
      sum += (a > 0 ? a * Math.log(a / middle) : 0) + (b > 0 ? b * Math.log(b / middle) : 0);
    }
    return Math.sqrt(Math.max(0, sum / 2));
  }

  public static double hellinger(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double d = Math.sqrt(p[i]) - Math.sqrt(q[i]);
      sum += d * d;
    }
    return Math.sqrt(sum / 2);
  }

  /** sqrt(1 - sum sqrt(p q)), the form that loses mass outside common bins. */
  public static double hellingerByOverlap(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.sqrt(p[i] * q[i]);
    }
    return Math.sqrt(1 - Math.max(0, Math.min(1, sum)));
  }

  public static double totalVariation(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.abs(p[i] - q[i]);
    }
    return sum / 2;
  }

  /** Sum of (p - q) ln(p / q); every share must be positive. */
  public static double psi(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += (p[i] - q[i]) * Math.log(p[i] / q[i]);
    }
    return sum;
  }

  public static double kullbackLeibler(double[] p, double[] q) {
    double sumP = 0;
    double sumQ = 0;
    for (int i = 0; i < p.length; i++) {
      sumP += p[i];
      sumQ += q[i];
    }
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double a = p[i] / sumP;
      sum += a > 0 ? a * Math.log(a / (q[i] / sumQ)) : 0;
    }
    return sum;
  }

  /** Integral of |F - G|^power over the pooled range of two sorted samples. */
  public static double area(double[] x, double[] y, int power) {
    int i = 0;
    int j = 0;
    double previous = Math.min(x[0], y[0]);
    double sum = 0;
    while (i < x.length || j < y.length) {
      double v = j == y.length || (i < x.length && x[i] <= y[j]) ? x[i] : y[j];
      double d = Math.abs((double) i / x.length - (double) j / y.length);
      if (d > 0) {
        sum += (v - previous) * (power == 1 ? d : d * d);
      }
      while (i < x.length && x[i] == v) {
        i++;
      }
      while (j < y.length && y[j] == v) {
        j++;
      }
      previous = v;
    }
    return sum;
  }

  /** The same for shares on ascending support points. */
  public static double area(double[] points, double[] p, double[] q) {
    double sum = 0;
    double difference = 0;
    for (int i = 0; i + 1 < points.length; i++) {
      difference += p[i] - q[i];
      if (difference != 0) {
        sum += Math.abs(difference) * (points[i + 1] - points[i]);
      }
    }
    return sum;
  }
}
