package dev.mlops.training.tribuo.compile;

import dev.mlops.model.internal.Kernel;
import dev.mlops.model.internal.LinearKernel;
import dev.mlops.model.internal.LinearKernel.Link;
import java.util.Arrays;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.common.liblinear.LibLinearModel;

/** Compiles LIBLINEAR models; weights are stored feature by feature, the bias as the last one. */
final class LibLinearCompiler {
  private LibLinearCompiler() {}

  @SuppressWarnings("unchecked") // the caller knows the class
  static Kernel classes(Model<?> model, Signature signature) {
    var inner = only((LibLinearModel<?>) model);
    int[] classOf = signature.classesOf((Model<Label>) model);
    int[] order = Arrays.stream(inner.getLabels()).map(id -> classOf[id]).toArray();
    if (order.length != signature.outputs()) {
      throw new NotCompilable(
          "the model has seen " + order.length + " of " + signature.outputs() + " classes");
    }
    boolean one = inner.getNrClass() == 2
        && inner.getSolverType() != de.bwaldvogel.liblinear.SolverType.MCSVM_CS;
    Link link = inner.isProbabilityModel() ? Link.ONE_VERSUS_REST : Link.ONE_VERSUS_REST_MARGIN;
    return compile(model, inner, one ? 1 : inner.getNrClass(), link, order, signature);
  }

  static Kernel quantity(Model<?> model, Signature signature) {
    var inner = only((LibLinearModel<?>) model);
    return compile(model, inner, 1, Link.IDENTITY, new int[] {0}, signature);
  }

  private static de.bwaldvogel.liblinear.Model only(LibLinearModel<?> model) {
    if (model.getInnerModels().size() != 1) {
      throw new NotCompilable("LIBLINEAR models of several quantities have no compiled form");
    }
    return model.getInnerModels().get(0);
  }

  private static Kernel compile(
      Model<?> model,
      de.bwaldvogel.liblinear.Model inner,
      int sums,
      Link link,
      int[] order,
      Signature signature) {
    double[] w = inner.getFeatureWeights();
    int[] inputsOf = signature.inputsOf(model.getFeatureIDMap());
    if (w.length < (inputsOf.length + 1) * sums) {
      throw new NotCompilable("the model has " + w.length + " weights for " + sums + " sums of "
          + inputsOf.length + " features and a bias");
    }
    double[][] weights = new double[sums][inputsOf.length];
    double[] biases = new double[sums];
    for (int k = 0; k < sums; k++) {
      for (int i = 0; i < inputsOf.length; i++) {
        weights[k][i] = w[i * sums + k];
      }
      biases[k] = w[inputsOf.length * sums + k];
    }
    return new LinearKernel(signature.inputs(), inputsOf, weights, biases, link, order);
  }
}
