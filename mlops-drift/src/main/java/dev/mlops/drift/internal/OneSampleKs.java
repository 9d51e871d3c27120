package dev.mlops.drift.internal;

/*
 * P(D_n >= x) of the two-sided one-sample Kolmogorov-Smirnov statistic, by the plan of Simard and
 * L'Ecuyer, J. Statist. Software 39(11), 2011: which formula is used where.
 *
 *   n x <= 1 or n x >= n-1 : closed forms (Ruben and Gambino 1982)
 *   x >= 1/2               : 2 P(D+ >= x), exact
 *   small n or small n x^1.5: Durbin's matrix, Marsaglia, Tsang and Wang, JSS 8(18), 2003
 *   upper tail             : 2 P(D+ >= x) (Miller 1956); the term left out is below 1e-12 relative
 *   else                   : Pelz and Good, J. R. Statist. Soc. B 38 (1976) 152-156, four terms
 */
public final class OneSampleKs {
  private static final int SMALL = 140;
  private static final int MATRIX_UP_TO = 20_000;

  private OneSampleKs() {}

  /** n is a whole number at least 1; x may be any number. */
  public static double survival(double n, double x) {
    if (x >= 1) {
      return 0;
    }
    double t = n * x;
    if (t <= 0.5) {
      return 1;
    }
    if (t <= 1) {
      double log = SpecialFunctions.logFactorial(n) - n * Math.log(n) + n * Math.log(2 * t - 1);
      return clip(-Math.expm1(log));
    }
    if (t >= n - 1) {
      return clip(2 * Math.pow(1 - x, n));
    }
    if (x >= 0.5) {
      return clip(2 * SmirnovTail.survival(n, x));
    }
    double squared = t * x;
    if (squared >= (n <= SMALL ? 4 : 2.2)) {
      return squared >= 380 ? 0 : clip(2 * SmirnovTail.survival(n, x));
    }
    if (n <= SMALL || (n <= MATRIX_UP_TO && t * Math.sqrt(x) <= 1.4)) {
      return clip(1 - DurbinMatrix.distribution((int) n, x));
    }
    return clip(1 - pelzGood(n, x));
  }

  private static double clip(double p) {
    return Math.max(0, Math.min(1, p));
  }

  /** P(D_n < x) up to O(n^-2); each K_i is a theta series that converges in a few terms. */
  static double pelzGood(double n, double x) {
    double z2 = n * x * x;
    double z = Math.sqrt(z2);
    double pi2 = Math.PI * Math.PI;
    double logQ = -pi2 / (8 * z2);
    if (logQ < -700) {
      return 0;
    }
    double z4 = z2 * z2;
    double z6 = z4 * z2;
    double k0 = 0;
    double k1 = 0;
    double k2 = 0;
    double k3 = 0;
    double k2Even = 0;
    double k3Even = 0;
    for (int k = 1; k <= 60; k++) {
      double odd2 = (2.0 * k - 1) * (2.0 * k - 1);
      double weight = Math.exp(odd2 * logQ);
      if (weight < 1e-40 && k > 1) {
        break;
      }
      double a = pi2 * odd2;
      k0 += weight;
      k1 += weight * (a / 4 - z2);
      k2 += weight * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * a / 4 + (1 - 2 * z2) * a * a / 16);
      k3 += weight
          * (-30 * z6
              - 90 * z4 * z4
              + (135 * z4 - 96 * z6) * a / 4
              + (212 * z4 - 60 * z2) * a * a / 16
              + (5 - 30 * z2) * a * a * a / 64);
      double even = pi2 * k * k;
      double evenWeight = Math.exp(-even / (2 * z2));
      k2Even += even * evenWeight;
      k3Even += even * (3 * z2 - even) * evenWeight;
    }
    double root = Math.sqrt(2 * Math.PI);
    double c0 = root * k0 / z;
    double c1 = root * k1 / (6 * z4);
    double c2 = root * (k2 / (72 * z6 * z) - k2Even / (36 * z2 * z));
    double c3 = root * (k3 / (6480 * z4 * z6) + k3Even / (216 * z6));
    double r = Math.sqrt(n);
    return c0 + c1 / r + c2 / n + c3 / (n * r);
  }
}
