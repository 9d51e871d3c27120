package dev.mlops.drift.internal;

import dev.mlops.drift.DriftException;
import dev.mlops.drift.DriftTests;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** SciPy's two-sample Cramer-von Mises and Anderson-Darling tests with its own handling of ties. */
public final class ScipyRankTests {
  private static final int EXACT_UP_TO = 20;
  private static final double SERIES_END = 1e-7;

  private ScipyRankTests() {}

  /** Both samples sorted. */
  public static DriftTests.Result cramerVonMises(double[] x, double[] y) {
    double n = x.length;
    double m = y.length;
    long[][] table = OrderedTable.tabulate(x, y);
    double u = 0;
    double below = 0;
    double i = 0;
    double j = 0;
    for (int k = 0; k < table[0].length; k++) {
      double h = (double) table[0][k] + table[1][k];
      double rank = below + (h + 1) / 2;
      for (long c = 0; c < table[0][k]; c++) {
        i++;
        u += n * (rank - i) * (rank - i);
      }
      for (long c = 0; c < table[1][k]; c++) {
        j++;
        u += m * (rank - j) * (rank - j);
      }
      below += h;
    }
    double k = n * m;
    double all = n + m;
    double t = u / (k * all) - (4 * k - 1) / (6 * all);
    if (Math.max(x.length, y.length) <= EXACT_UP_TO) {
      return new DriftTests.Result(t, exact(u, x.length, y.length));
    }
    double mean = (1 + 1 / all) / 6;
    double variance =
        (all + 1) * (4 * k * all - 3 * (n * n + m * m) - 2 * k) / (45 * all * all * 4 * k);
    double standard = 1.0 / 6 + (t - mean) / Math.sqrt(45 * variance);
    return new DriftTests.Result(t, standard < 0.003 ? 1 : Math.max(0, 1 - limit(standard)));
  }

  /** Csorgo and Faraway 1996, equation 1.2, ended where SciPy ends it. */
  private static double limit(double x) {
    double sum = 0;
    for (int k = 0; ; k++) {
      double y = 4 * k + 1;
      double q = y * y / (16 * x);
      double term = Math.exp(SpecialFunctions.logGamma(k + 0.5) - SpecialFunctions.logGamma(k + 1))
          / (Math.pow(Math.PI, 1.5) * Math.sqrt(x))
          * Math.sqrt(y)
          * Math.exp(-q)
          * besselKQuarter(q);
      sum += term;
      if (!(Math.abs(term) >= SERIES_END)) {
        return sum;
      }
    }
  }

  /**
   * K_1/4(q) as the integral of exp(-q cosh t) cosh(t/4); the trapezoid rule is exact to rounding.
   */
  private static double besselKQuarter(double q) {
    double step = 1.0 / 64;
    double sum = Math.exp(-q) / 2;
    for (int i = 1; ; i++) {
      double t = i * step;
      double term = Math.exp(-q * Math.cosh(t)) * Math.cosh(t / 4);
      sum += term;
      if (term < 1e-18 * sum || term == 0) {
        return sum * step;
      }
    }
  }

  /**
   * Xiao, Gordon and Yakovlev, J. Statist. Software 17(8), 2006: all splits, by dynamic
   * programming.
   */
  private static double exact(double u, int m, int n) {
    long lcm = m / ExactKs.gcd(m, n) * n;
    long a = lcm / m;
    long b = lcm / n;
    double mn = (double) m * n;
    double zeta =
        Math.floor((double) lcm * lcm * (m + n) * (6 * u - mn * (4 * mn - 1)) / (6 * mn * mn));
    List<TreeMap<Long, Double>> row = new ArrayList<>();
    for (int v = 0; v <= m; v++) {
      row.add(new TreeMap<>());
    }
    row.get(0).put(0L, 1.0);
    for (int i = 0; i <= n; i++) {
      TreeMap<Long, Double> left = new TreeMap<>();
      for (int v = 0; v <= m; v++) {
        TreeMap<Long, Double> next = new TreeMap<>();
        long step = (a * v - b * i) * (a * v - b * i);
        left.forEach((value, ways) -> next.merge(value + step, ways, Double::sum));
        row.get(v).forEach((value, ways) -> next.merge(value + step, ways, Double::sum));
        row.set(v, next);
        left = next;
      }
    }
    double all = 0;
    double beyond = 0;
    for (var entry : row.get(m).entrySet()) {
      all += entry.getValue();
      beyond += entry.getKey() >= zeta ? entry.getValue() : 0;
    }
    return beyond / all;
  }

  /** Both samples sorted; Scholz and Stephens, JASA 82 (1987), equation 7. */
  public static DriftTests.Result andersonDarling(double[] x, double[] y) {
    long[][] table = OrderedTable.tabulate(x, y);
    if (table[0].length < 2) {
      throw DriftException.invalidInput(
          "the Anderson-Darling test needs at least two distinct values, got only " + x[0]);
    }
    double all = x.length + y.length;
    double sum = 0;
    for (int s = 0; s < 2; s++) {
      double size = s == 0 ? x.length : y.length;
      double below = 0;
      double mine = 0;
      double inner = 0;
      for (int k = 0; k < table[0].length; k++) {
        double h = (double) table[0][k] + table[1][k];
        double pooled = below + h / 2;
        double own = mine + table[s][k] / 2.0;
        double d = all * own - pooled * size;
        inner += h / all * d * d / (pooled * (all - pooled) - all * h / 4);
        below += h;
        mine += table[s][k];
      }
      sum += inner / size;
    }
    double a2 = sum * (all - 1) / all;
    double standard = (a2 - 1) / Math.sqrt(variance(all, 1.0 / x.length + 1.0 / y.length));
    return new DriftTests.Result(standard, significance(standard));
  }

  private static double variance(double all, double inverse) {
    double h = 0;
    double g = 0;
    int n = (int) all;
    double partial = 0;
    for (int i = 2; i < n; i++) {
      partial += 1.0 / (n + 1 - i);
      g += partial / i;
    }
    h = partial + 1;
    double a = 4 * g - 6 + (10 - 6 * g) * inverse;
    double b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
    double c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h;
    double d = (2 * h + 6) * 4 - 8 * h;
    return (((a * all + b) * all + c) * all + d) / ((all - 1) * (all - 2) * (all - 3));
  }

  /** A parabola through log(level) at the critical values of Scholz and Stephens' table 2. */
  private static double significance(double statistic) {
    double[] critical = {0.325, 1.226, 1.961, 2.718, 3.752, 4.592, 6.546};
    double[] level = {0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001};
    if (statistic < critical[0]) {
      return level[0];
    }
    if (statistic > critical[6]) {
      return level[6];
    }
    double[][] normal = new double[3][4];
    for (int i = 0; i < critical.length; i++) {
      double[] powers = {1, critical[i], critical[i] * critical[i]};
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) {
          normal[r][c] += powers[r] * powers[c];
        }
        normal[r][3] += powers[r] * Math.log(level[i]);
      }
    }
    for (int p = 0; p < 3; p++) {
      for (int r = 0; r < 3; r++) {
        if (r != p) {
          double factor = normal[r][p] / normal[p][p];
          for (int c = p; c < 4; c++) {
            normal[r][c] -= factor * normal[p][c];
          }
        }
      }
    }
    double c0 = normal[0][3] / normal[0][0];
    double c1 = normal[1][3] / normal[1][1];
    double c2 = normal[2][3] / normal[2][2];
    return Math.exp(c0 + statistic * (c1 + statistic * c2));
  }
}
