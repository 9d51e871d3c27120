package dev.mlops.training.tribuo;

import dev.mlops.error.CorruptException;
import dev.mlops.training.internal.Compilation;
import dev.mlops.training.internal.FittedCalibration;
import dev.mlops.training.internal.Pipeline;
import dev.mlops.training.internal.Scorer;
import dev.mlops.training.tribuo.compile.TribuoCompiler;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.Prediction;

/** A fitted Tribuo model over the vector of a pipeline. Safe for use by several threads. */
sealed interface TribuoScorer extends Scorer permits ClassScorer, QuantityScorer {

  /**
   * Returns Tribuo's own model, for compiling and explaining. Its features are named by
   * {@code Pipeline.featureNames()}, so that its feature ids are positions in the vector.
   *
   * @return the model; not to be changed
   */
  Model<?> model();

  /**
   * Asks the model. A forged file may hold a model that loads, and fails only where a row leads to
   * what is wrong in it.
   */
  static <T extends Output<T>> Prediction<T> predict(Model<T> model, Example<T> example) {
    try {
      return model.predict(example);
    } catch (RuntimeException e) {
      throw new CorruptException("the model fails on a row: " + e, e);
    }
  }

  @Override
  default Compilation compile(Pipeline pipeline, FittedCalibration calibration) {
    return TribuoCompiler.compile(model(), pipeline, givesProbabilities(), calibration);
  }

  @Override
  default byte[] content() {
    return ModelProtos.bytes(new ModelProtos(KnownClasses.NAMES).cleaned(model().serialize()));
  }

  @Override
  default String describe() {
    return "Tribuo "
        + model().getClass().getSimpleName()
        + ", "
        + model().getFeatureIDMap().size()
        + " features";
  }
}
