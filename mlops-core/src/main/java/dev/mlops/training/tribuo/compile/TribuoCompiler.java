package dev.mlops.training.tribuo.compile;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.error.MlopsException;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.Kernel;
import dev.mlops.model.internal.RowProgram;
import java.util.List;
import org.tribuo.Model;

/**
 * Compiles Tribuo models to flat ones. Safe for use by several threads.
 *
 * <p>Kinds are told apart by class name, because some of them come from optional dependencies whose
 * classes may be absent.
 */
public final class TribuoCompiler {
  private TribuoCompiler() {}

  /**
   * Compiles a model whose features are columns of the row, unchanged.
   *
   * @param model the model
   * @param schema its signature; its features are named as in the schema
   * @return the compiled model, or why there is none
   */
  public static Compilation compile(Model<?> model, Schema schema) {
    return compile(
        model,
        schema,
        RowProgram.identity(schema.width()),
        schema.features().stream().map(feature -> feature.name()).toList());
  }

  /**
   * Compiles a model behind the transforms of its recipe.
   *
   * @param model the model
   * @param schema the signature in front of the transforms
   * @param program the transforms
   * @param inputNames the model's feature that each of the program's inputs is
   * @return the compiled model, or why there is none
   */
  public static Compilation compile(
      Model<?> model, Schema schema, RowProgram program, List<String> inputNames) {
    requireNonNull(program, "program");
    try {
      Kernel kernel = kernel(model, new Signature(schema, inputNames));
      return new Compilation.Compiled(
          new CompiledPredictor(schema, model.generatesProbabilities(), program, kernel));
    } catch (NotCompilable | MlopsException e) {
      return new Compilation.NotCompiled(String.valueOf(e.getMessage()));
    }
  }

  static Kernel kernel(Model<?> model, Signature signature) {
    String kind = model.getClass().getName();
    return switch (kind) {
      case "org.tribuo.common.tree.TreeModel",
          "org.tribuo.regression.rtree.IndependentRegressionTreeModel" ->
        TreeCompiler.compile(model, signature);
      case "org.tribuo.ensemble.WeightedEnsembleModel" ->
        EnsembleCompiler.compile(model, signature);
      case "org.tribuo.classification.sgd.linear.LinearSGDModel" ->
        LinearCompiler.classes(model, signature);
      case "org.tribuo.regression.sgd.linear.LinearSGDModel" ->
        LinearCompiler.quantity(model, signature);
      case "org.tribuo.classification.liblinear.LibLinearClassificationModel" ->
        LibLinearCompiler.classes(model, signature);
      case "org.tribuo.regression.liblinear.LibLinearRegressionModel" ->
        LibLinearCompiler.quantity(model, signature);
      case "org.tribuo.classification.libsvm.LibSVMClassificationModel" ->
        LibSvmCompiler.classes(model, signature);
      case "org.tribuo.regression.libsvm.LibSVMRegressionModel" ->
        LibSvmCompiler.quantity(model, signature);
      case "org.tribuo.common.xgboost.XGBoostModel" -> XgBoostCompiler.compile(model, signature);
      default -> throw new NotCompilable("models of " + kind + " have no compiled form");
    };
  }
}
