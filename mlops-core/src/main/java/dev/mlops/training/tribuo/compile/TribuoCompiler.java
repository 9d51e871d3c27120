package dev.mlops.training.tribuo.compile;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.error.MlopsException;
import dev.mlops.model.internal.Calibration;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.Kernel;
import dev.mlops.model.internal.RowProgram;
import dev.mlops.training.internal.Compilation;
import dev.mlops.training.internal.FittedCalibration;
import dev.mlops.training.internal.Pipeline;
import java.util.List;
import java.util.function.Supplier;
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
   * Compiles a model whose features are columns of the row, unchanged. A missing value is a feature
   * that is left out of the example.
   *
   * @param model the model
   * @param schema its signature; its features are named as in the schema
   * @return the compiled model, or why there is none
   */
  public static Compilation compile(Model<?> model, Schema schema) {
    List<String> names = schema.features().stream().map(Feature::name).toList();
    return attempt(() -> new CompiledPredictor(
        schema,
        model.generatesProbabilities(),
        RowProgram.identity(schema.width()),
        false,
        kernel(model, new Signature(schema, names)),
        Calibration.NONE));
  }

  /**
   * Compiles a model behind the transforms of its recipe.
   *
   * @param model the model; its features are the elements of the pipeline's vector
   * @param pipeline the transforms
   * @param probabilities whether its scores are probabilities
   * @param calibration what becomes of its scores
   * @return the compiled model, or why there is none
   */
  public static Compilation compile(
      Model<?> model, Pipeline pipeline, boolean probabilities, FittedCalibration calibration) {
    Schema schema = pipeline.schema();
    return attempt(() -> new CompiledPredictor(
        schema,
        probabilities || !calibration.isNone(),
        PipelineCompiler.program(pipeline),
        true,
        kernel(model, new Signature(schema, pipeline.featureNames())),
        PipelineCompiler.calibration(calibration)));
  }

  private static Compilation attempt(Supplier<CompiledPredictor> compilation) {
    try {
      return new Compilation.Compiled(compilation.get());
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
