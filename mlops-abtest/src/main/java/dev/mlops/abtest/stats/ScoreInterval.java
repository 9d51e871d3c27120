package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Normal;

/*
 * The restricted estimates solve a cubic in closed form (Farrington & Manning 1990, appendix). The
 * bounds are found by bisection, because the score statistic is monotone in the difference.
 */
/** Miettinen and Nurminen's interval of a difference of proportions. */
final class ScoreInterval {
  private ScoreInterval() {}

  static Interval of(ProportionTest test, double alpha) {
    double z = Normal.upperQuantile(Checks.probability("alpha", alpha) / 2);
    double d = test.difference();
    double low = d <= -1 ? -1 : root(test, -1, d, z);
    double high = d >= 1 ? 1 : root(test, d, 1, -z);
    return new Interval(low, high);
  }

  /** Score statistics fall as the hypothesised difference rises. */
  private static double root(ProportionTest test, double from, double to, double target) {
    double low = from;
    double high = to;
    for (int i = 0; i < 200 && high - low > 1e-17; i++) {
      double middle = 0.5 * (low + high);
      if (score(test, middle) > target) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return 0.5 * (low + high);
  }

  private static double score(ProportionTest test, double delta) {
    double nt = test.treatmentCount();
    double nc = test.controlCount();
    double n = nt + nc;
    double pc = restricted(test, delta);
    double pt = Math.min(1, Math.max(0, pc + delta));
    double variance = (pt * (1 - pt) / nt + pc * (1 - pc) / nc) * n / (n - 1);
    double gap = test.difference() - delta;
    return variance > 0 ? gap / Math.sqrt(variance) : Math.copySign(1e300, gap);
  }

  /** The control's proportion that maximises the likelihood given the difference. */
  private static double restricted(ProportionTest test, double delta) {
    double xc = test.controlSuccesses();
    double successes = xc + test.treatmentSuccesses();
    double nc = test.controlCount();
    double nt = test.treatmentCount();
    double n = nc + nt;
    double l2 = (nt + 2 * nc) * delta - n - successes;
    double l1 = (nc * delta - n - 2 * xc) * delta + successes;
    double l0 = xc * delta * (1 - delta);
    double third = l2 / (3 * n);
    double q = third * third * third - l1 * l2 / (6 * n * n) + l0 / (2 * n);
    double p = Math.copySign(Math.sqrt(Math.max(0, third * third - l1 / (3 * n))), q);
    double ratio = p == 0 ? 0 : Math.max(-1, Math.min(1, q / (p * p * p)));
    double angle = (Math.PI + Math.acos(ratio)) / 3;
    return Math.min(1, Math.max(0, 2 * p * Math.cos(angle) - third));
  }
}
