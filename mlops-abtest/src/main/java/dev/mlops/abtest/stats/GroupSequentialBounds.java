package dev.mlops.abtest.stats;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.math.Normal;
import dev.mlops.abtest.internal.math.Quadrature;
import java.util.Arrays;

/*
 * Let W(t) be Brownian motion at information t. The density g of W(t_k) restricted to paths that have
 * not crossed is carried from look to look by quadrature (Armitage, McPherson & Rowe 1969):
 *   g_k(x) = integral of g_{k-1}(u) phi((x - u)/sqrt(dt))/sqrt(dt) du over the continuation region,
 * and bound k solves P(first crossing at look k) = spent(t_k) - spent(t_{k-1}) (Lan & DeMets 1983).
 */
/**
 * Two-sided group-sequential bounds with the error spent as &alpha;t<sup>&rho;</sup>. The looks
 * need not be equally spaced. Immutable.
 */
public final class GroupSequentialBounds {
  private static final int PANELS = 4;

  private final double[] fractions;
  private final double[] bounds;

  private GroupSequentialBounds(double[] fractions, double[] bounds) {
    this.fractions = fractions;
    this.bounds = bounds;
  }

  /**
   * Bounds for a series of looks with the default spending &alpha;t&sup2;.
   *
   * @param alpha the chance of a false rejection over all looks
   * @param fractions information at each look as a share of the final one: ascending, at most 1
   * @return the bounds
   */
  public static GroupSequentialBounds of(double alpha, double... fractions) {
    return of(alpha, 2, fractions);
  }

  /**
   * Bounds for a series of looks.
   *
   * @param alpha the chance of a false rejection over all looks
   * @param exponent &rho; of the spending &alpha;t<sup>&rho;</sup>, positive
   * @param fractions information at each look as a share of the final one: ascending, at most 1
   * @return the bounds
   */
  public static GroupSequentialBounds of(double alpha, double exponent, double[] fractions) {
    Checks.probability("alpha", alpha);
    Checks.positive("spending exponent", exponent);
    Checks.atLeast("looks", 1, fractions.length);
    double previous = 0;
    for (double t : fractions) {
      if (!(t > previous && t <= 1)) {
        throw Checks.invalid("information fractions must rise and end at most at 1, got "
            + Arrays.toString(fractions));
      }
      previous = t;
    }
    double[] bounds = new double[fractions.length];
    double[] nodes = {0};
    double[] mass = {1};
    double time = 0;
    double spent = 0;
    for (int k = 0; k < bounds.length; k++) {
      double t = fractions[k];
      double target = alpha * Math.pow(t, exponent);
      double sd = Math.sqrt(t - time);
      double limit = solve(nodes, mass, sd, target - spent);
      bounds[k] = limit / Math.sqrt(t);
      double[] next = Quadrature.nodes(-limit, limit, PANELS);
      double[] weights = Quadrature.weights(-limit, limit, PANELS);
      for (int i = 0; i < next.length; i++) {
        double density = 0;
        for (int j = 0; j < nodes.length; j++) {
          density += mass[j] * Normal.density((next[i] - nodes[j]) / sd) / sd;
        }
        weights[i] *= density;
      }
      nodes = next;
      mass = weights;
      time = t;
      spent = target;
    }
    return new GroupSequentialBounds(fractions.clone(), bounds);
  }

  /**
   * The bound on |z| at each look.
   *
   * @return in the order of the looks
   */
  public double[] bounds() {
    return bounds.clone();
  }

  /**
   * The information fractions the bounds belong to.
   *
   * @return in the order of the looks
   */
  public double[] fractions() {
    return fractions.clone();
  }

  /**
   * Repeated p-value at the last look: the smallest overall &alpha; whose bound |z| would have
   * reached there. It may be read at every look.
   *
   * @param z the statistic at the last look
   * @param fractions information at every look up to now
   * @return from 1e-300 to 1
   */
  public static double repeatedPValue(double z, double... fractions) {
    double size = Math.abs(z);
    // Spending on several looks can only raise the p-value above that of a single one.
    double low = Math.max(Math.log(1e-300), Math.log(2) + Normal.logSf(size) - 1e-9);
    double high = 0;
    for (int i = 0; i < 60 && high - low > 1e-10; i++) {
      double middle = 0.5 * (low + high);
      double[] b = of(Math.min(Math.exp(middle), 1 - 1e-12), fractions).bounds;
      if (b[b.length - 1] <= size) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return Math.exp(high);
  }

  /** The limit on |W| that is first crossed with the given probability: Newton inside a bracket. */
  private static double solve(double[] nodes, double[] mass, double sd, double probability) {
    double low = 0;
    double high = nodes[nodes.length - 1] + 40 * sd;
    double x = Math.min(high, nodes[nodes.length - 1] + sd);
    for (int i = 0; i < 200 && high - low > 1e-14 * Math.max(1, high); i++) {
      double crossing = 0;
      double slope = 0;
      for (int j = 0; j < nodes.length; j++) {
        double above = (x - nodes[j]) / sd;
        double below = (x + nodes[j]) / sd;
        crossing += mass[j] * (Normal.sf(above) + Normal.sf(below));
        slope += mass[j] * (Normal.density(above) + Normal.density(below)) / sd;
      }
      if (crossing > probability) {
        low = x;
      } else {
        high = x;
      }
      // In the far tail the logarithm is nearly quadratic, so Newton on it takes few steps.
      double next = x + crossing * Math.log(crossing / probability) / slope;
      if (!(next > low && next < high)) {
        next = 0.5 * (low + high);
      }
      if (Math.abs(next - x) <= 1e-15 * Math.max(1, x)) {
        return next;
      }
      x = next;
    }
    return x;
  }
}
