package dev.mlops.training.tribuo.compile;

import dev.mlops.model.internal.Kernel;
import dev.mlops.model.internal.LinearKernel;
import dev.mlops.model.internal.LinearKernel.Link;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.common.sgd.AbstractLinearSGDModel;
import org.tribuo.math.la.DenseMatrix;

/** Compiles linear models trained by gradient descent; the last column of weights is the bias. */
final class LinearCompiler {
  private LinearCompiler() {}

  @SuppressWarnings("unchecked") // the caller knows the class
  static Kernel classes(Model<?> model, Signature signature) {
    // A logistic objective normalises with softmax, a hinge objective does not normalise.
    Link link = model.generatesProbabilities() ? Link.SOFTMAX : Link.IDENTITY;
    return compile(
        (AbstractLinearSGDModel<?>) model,
        link,
        signature.classesOf((Model<Label>) model),
        signature);
  }

  static Kernel quantity(Model<?> model, Signature signature) {
    return compile((AbstractLinearSGDModel<?>) model, Link.IDENTITY, new int[] {0}, signature);
  }

  private static Kernel compile(
      AbstractLinearSGDModel<?> model, Link link, int[] order, Signature signature) {
    DenseMatrix matrix = model.getWeightsCopy();
    int features = matrix.getDimension2Size() - 1;
    double[][] weights = new double[matrix.getDimension1Size()][features];
    double[] biases = new double[weights.length];
    if (weights.length != order.length) {
      throw new NotCompilable(
          "the model has " + weights.length + " outputs, the schema " + order.length);
    }
    for (int k = 0; k < weights.length; k++) {
      for (int i = 0; i < features; i++) {
        weights[k][i] = matrix.get(k, i);
      }
      biases[k] = matrix.get(k, features);
    }
    return new LinearKernel(
        signature.inputs(),
        signature.inputsOf(model.getFeatureIDMap()),
        weights,
        biases,
        link,
        order);
  }
}
