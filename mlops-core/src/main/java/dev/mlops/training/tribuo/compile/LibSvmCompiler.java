package dev.mlops.training.tribuo.compile;

import dev.mlops.model.internal.Kernel;
import dev.mlops.model.internal.SupportVectors;
import dev.mlops.model.internal.SupportVectors.Similarity;
import dev.mlops.model.internal.SvmKernel;
import java.util.Arrays;
import libsvm.svm_model;
import libsvm.svm_node;
import libsvm.svm_parameter;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.common.libsvm.LibSVMModel;
import org.tribuo.regression.libsvm.LibSVMRegressionModel;
import org.tribuo.regression.libsvm.protos.LibSVMRegressionModelProto;

/** Compiles LIBSVM models. */
final class LibSvmCompiler {
  private LibSvmCompiler() {}

  @SuppressWarnings("unchecked") // the caller knows the class
  static Kernel classes(Model<?> model, Signature signature) {
    svm_model inner = ((LibSVMModel<?>) model).getInnerModels().get(0);
    int[] classOf = signature.classesOf((Model<Label>) model);
    int[] order = Arrays.stream(inner.label).map(id -> classOf[id]).toArray();
    if (order.length != signature.outputs()) {
      throw new NotCompilable(
          "the model has seen " + order.length + " of " + signature.outputs() + " classes");
    }
    boolean probabilities = model.generatesProbabilities() && inner.probA != null;
    if (model.generatesProbabilities() && !probabilities) {
      throw new NotCompilable("the model promises probabilities that it cannot give");
    }
    return compile(
        model,
        inner,
        signature,
        inner.nSV,
        order,
        probabilities ? inner.probA : new double[0],
        probabilities ? inner.probB : new double[0],
        1,
        0);
  }

  static Kernel quantity(Model<?> model, Signature signature) {
    var regression = (LibSVMRegressionModel) model;
    if (regression.getInnerModels().size() != 1) {
      throw new NotCompilable("LIBSVM models of several quantities have no compiled form");
    }
    LibSVMRegressionModelProto proto = protoOf(regression);
    boolean standardised = proto.getStandardized();
    return compile(
        model,
        regression.getInnerModels().get(0),
        signature,
        new int[0],
        new int[] {0},
        new double[0],
        new double[0],
        standardised ? proto.getVariances(0) : 1,
        standardised ? proto.getMeans(0) : 0);
  }

  /** The scale of the quantity has no public getter; the protobuf form carries it. */
  private static LibSVMRegressionModelProto protoOf(LibSVMRegressionModel model) {
    try {
      return model.serialize().getSerializedData().unpack(LibSVMRegressionModelProto.class);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new NotCompilable("the SVM's protobuf form cannot be read: " + e.getMessage());
    }
  }

  private static Kernel compile(
      Model<?> model,
      svm_model inner,
      Signature signature,
      int[] perClass,
      int[] order,
      double[] probA,
      double[] probB,
      double scale,
      double shift) {
    Similarity similarity = switch (inner.param.kernel_type) {
      case svm_parameter.LINEAR -> Similarity.LINEAR;
      case svm_parameter.POLY -> Similarity.POLYNOMIAL;
      case svm_parameter.RBF -> Similarity.RBF;
      case svm_parameter.SIGMOID -> Similarity.SIGMOID;
      default -> throw new NotCompilable("LIBSVM kernel " + inner.param.kernel_type);
    };
    int[] inputsOf = signature.inputsOf(model.getFeatureIDMap());
    int vectors = inner.l;
    if (vectors == 0) {
      throw new NotCompilable("the SVM has no support vectors");
    }
    if (inputsOf.length == 0) {
      throw new NotCompilable("the SVM reads no feature");
    }
    double[][] columns = new double[inputsOf.length][vectors];
    for (int j = 0; j < vectors; j++) {
      for (svm_node node : inner.SV[j]) {
        columns[node.index][j] = node.value;
      }
    }
    var support = new SupportVectors(
        similarity, inner.param.gamma, inner.param.coef0, inner.param.degree, inputsOf, columns);
    return new SvmKernel(
        signature.inputs(),
        new SvmKernel.Parameters(
            support, perClass, inner.sv_coef, inner.rho, probA, probB, order, scale, shift));
  }
}
