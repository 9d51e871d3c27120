package dev.mlops.explanation.internal;

import dev.mlops.explanation.Explanation;

/**
 * Exact Shapley values of a linear function over independent features: {@code weight * (value -
 * mean)} (Lundberg, Lee 2017, corollary 1).
 */
public final class LinearShapley implements VectorExplainer {
  private final double[][] weights;
  private final double[] baselines;
  private final double[] means;
  private final Explanation.Scale scale;

  /**
   * Creates an explainer.
   *
   * @param weights one array per output with a weight per element
   * @param biases one per output
   * @param background rows whose mean is the reference
   * @param scale what the sums mean
   */
  public LinearShapley(
      double[][] weights, double[] biases, double[][] background, Explanation.Scale scale) {
    this.weights = weights;
    this.scale = scale;
    this.means = new double[background[0].length];
    for (double[] vector : background) {
      for (int j = 0; j < means.length; j++) {
        means[j] += vector[j] / background.length;
      }
    }
    this.baselines = biases.clone();
    for (int k = 0; k < weights.length; k++) {
      for (int j = 0; j < means.length; j++) {
        baselines[k] += weights[k][j] * means[j];
      }
    }
  }

  @Override
  public Explanation.Scale scale() {
    return scale;
  }

  @Override
  public double[] baselines() {
    return baselines.clone();
  }

  @Override
  public void explain(double[] vector, double[][] into) {
    for (int k = 0; k < weights.length; k++) {
      for (int j = 0; j < means.length; j++) {
        into[k][j] += weights[k][j] * (vector[j] - means[j]);
      }
    }
  }
}
