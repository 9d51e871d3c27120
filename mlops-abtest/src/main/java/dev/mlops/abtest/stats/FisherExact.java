package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.math.Gamma;

/** Fisher's exact test of a two by two table. */
final class FisherExact {
  /** Tables within this relative distance count as equally likely, as in SciPy and R. */
  private static final double TIE = 1e-7;

  private FisherExact() {}

  static double pValue(ProportionTest t) {
    long successes = t.controlSuccesses() + t.treatmentSuccesses();
    long first = Math.max(0, successes - t.treatmentCount());
    long last = Math.min(successes, t.controlCount());
    double observed = logTerm(t, t.controlSuccesses(), successes);
    double limit = observed + Math.log1p(TIE);
    double sum = 0;
    for (long x = first; x <= last; x++) {
      double log = logTerm(t, x, successes);
      if (log <= limit) {
        sum += Math.exp(log);
      }
    }
    return Math.min(1, sum);
  }

  private static double logTerm(ProportionTest t, long x, long successes) {
    return logChoose(t.controlCount(), x)
        + logChoose(t.treatmentCount(), successes - x)
        - logChoose(t.controlCount() + t.treatmentCount(), successes);
  }

  private static double logChoose(long n, long k) {
    return k == 0 || k == n ? 0 : -Math.log(n + 1.0) - Gamma.logBeta(n - k + 1.0, k + 1.0);
  }
}
