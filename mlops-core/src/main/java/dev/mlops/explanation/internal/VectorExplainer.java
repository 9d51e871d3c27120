package dev.mlops.explanation.internal;

import dev.mlops.explanation.Explanation;

/** Shapley values over the vector that a fitted model reads. Safe for use by several threads. */
public interface VectorExplainer {

  /** Says what the values mean. */
  Explanation.Scale scale();

  /** Returns the mean output, one value per output. */
  double[] baselines();

  /** Adds each element's contribution to each output: {@code into[output][element]}. */
  void explain(double[] vector, double[][] into);
}
